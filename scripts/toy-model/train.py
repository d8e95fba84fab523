#!/usr/bin/env python3
"""Trains the built-in model on the examples of prepare.ts and writes its weights for export.ts.

Needs PyTorch (1.13 or newer) and nothing else; runs on the CPU. Every step takes a few rows of each group.
The prefix that all rows of a group share is computed once and its keys and values are spread over the batch;
the loss is on the model's own words alone. Matrices are trained with Muon (Jordan et al. 2024: momentum,
orthogonalised by Newton-Schulz), everything else with AdamW.

Usage: train.py [--steps N] [--threads T] [--report N]
"""
import argparse
import json
import math
import os
import time

# One thread is as fast as two here, the matrices being small, and does not suffer from neighbours.
os.environ.setdefault('OPENBLAS_NUM_THREADS', '1')
os.environ.setdefault('OMP_NUM_THREADS', '1')

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

WORK = '.cache/toy-model'
SHAPE = {
    'layers': 4, 'hidden': 128, 'feedForward': 192, 'heads': 4, 'keyValueHeads': 4,
    'contextTokens': 2048, 'ropeBase': 10000.0,
}
HEAD = SHAPE['hidden'] // SHAPE['heads']
GROUPED = SHAPE['heads'] // SHAPE['keyValueHeads']
SEED = 20264
MUON_RATE, ADAM_RATE = 0.006, 3e-3
WARMUP = 30
# Size of the residual stream's numbers, and of the first layer's biases, at the start.
STREAM, SHARPNESS = 0.5, 5.0
# Groups with few rows a step are taken together every so often: a step with two rows wastes the machine.
SMALL, EVERY = 5, 4
# Batches that are drawn at once and sorted by length.
SORTED = 6


class Norm(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.weight


def rotations(length):
    inverse = 1.0 / (SHAPE['ropeBase'] ** (torch.arange(0, HEAD, 2).float() / HEAD))
    angles = torch.outer(torch.arange(length).float(), inverse)
    return torch.cat([angles.cos()] * 2, -1), torch.cat([angles.sin()] * 2, -1)


COS, SIN = rotations(SHAPE['contextTokens'])


def rotate(x, start):
    """Rotary positions of x [rows, heads, tokens, HEAD], whose first token stands at `start`."""
    cos, sin = COS[start:start + x.shape[2]], SIN[start:start + x.shape[2]]
    half = HEAD // 2
    return x * cos + torch.cat([-x[..., half:], x[..., :half]], -1) * sin


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        hidden, key_value = SHAPE['hidden'], HEAD * SHAPE['keyValueHeads']
        self.attn_norm, self.ffn_norm = Norm(hidden), Norm(hidden)
        self.attn_q = nn.Linear(hidden, hidden)
        self.attn_k = nn.Linear(hidden, key_value)
        self.attn_v = nn.Linear(hidden, key_value)
        self.attn_output = nn.Linear(hidden, hidden, bias=False)
        self.ffn_gate = nn.Linear(hidden, SHAPE['feedForward'], bias=False)
        self.ffn_up = nn.Linear(hidden, SHAPE['feedForward'], bias=False)
        self.ffn_down = nn.Linear(SHAPE['feedForward'], hidden, bias=False)

    def forward(self, x, earlier):
        """x [rows, tokens, hidden] after the keys and values of `earlier` (one row, or None)."""
        rows, tokens, _ = x.shape
        start = 0 if earlier is None else earlier[0].shape[2]
        h = self.attn_norm(x)
        q = rotate(self.attn_q(h).view(rows, tokens, -1, HEAD).transpose(1, 2), start)
        k = rotate(self.attn_k(h).view(rows, tokens, -1, HEAD).transpose(1, 2), start)
        v = self.attn_v(h).view(rows, tokens, -1, HEAD).transpose(1, 2)
        own = (k, v)
        if earlier is not None:
            k, v = (torch.cat([past.expand(rows, -1, -1, -1), now], 2) for past, now in zip(earlier, own))
        # Query heads that share a key head stand side by side: [rows, key heads, GROUPED * tokens, HEAD].
        q = q.reshape(rows, SHAPE['keyValueHeads'], GROUPED * tokens, HEAD)
        scores = (q @ k.transpose(-1, -2)).view(rows, -1, GROUPED, tokens, start + tokens) / math.sqrt(HEAD)
        mask = torch.full((tokens, start + tokens), -1e9).triu(start + 1)
        weights = (scores + mask).softmax(-1).view(rows, -1, GROUPED * tokens, start + tokens)
        mixed = (weights @ v).view(rows, SHAPE['heads'], tokens, HEAD).transpose(1, 2)
        x = x + self.attn_output(mixed.reshape(rows, tokens, -1))
        h = self.ffn_norm(x)
        return x + self.ffn_down(F.silu(self.ffn_gate(h)) * self.ffn_up(h)), own


class Model(nn.Module):
    def __init__(self, vocabulary, kinships):
        super().__init__()
        self.token_embd = nn.Embedding(vocabulary, SHAPE['hidden'])
        self.blk = nn.ModuleList([Block() for _ in range(SHAPE['layers'])])
        self.output_norm = Norm(SHAPE['hidden'])
        self.initialise(kinships)

    @torch.no_grad()
    def initialise(self, kinships):
        """
        Starts near what the task needs, so that less has to be found by descent. The heads of the first layer
        look 1 to 4 tokens back, those of the second continue what they have seen before (induction), those
        above compare alike (query and key weights equal); all copy what they find (output the transpose of
        value), in the spirit of mimetic initialisation (Trockman and Kolter 2023). Words that mean the same,
        and things of one kind, begin with similar embeddings.
        """
        embeddings = self.token_embd.weight
        nn.init.normal_(embeddings)
        kinds, concepts = torch.randn(100, SHAPE['hidden']), torch.randn(1000, SHAPE['hidden'])
        for kin in kinships:
            own = embeddings[kin['token']]
            embeddings[kin['token']] = math.sqrt(0.3) * own + math.sqrt(0.4) * concepts[kin['concept']] + math.sqrt(0.3) * kinds[kin['kind']]
        embeddings.mul_(STREAM)
        self.output_norm.weight.fill_(1 / (STREAM * math.sqrt(SHAPE['hidden'])))
        for layer, block in enumerate(self.blk):
            for linear in (block.ffn_gate, block.ffn_up):
                nn.init.normal_(linear.weight, std=1 / math.sqrt(SHAPE['hidden']))
            nn.init.normal_(block.ffn_down.weight, std=0.2 * STREAM / math.sqrt(SHAPE['feedForward']))
            for linear in (block.attn_q, block.attn_k, block.attn_v):
                nn.init.orthogonal_(linear.weight)
                nn.init.zeros_(linear.bias)
            nn.init.orthogonal_(block.attn_output.weight)
            block.attn_output.weight.mul_(STREAM)
            if layer == 0:
                self.look_back(block)
            elif layer == 1:
                self.look_ahead(block, self.blk[0])
            else:
                block.attn_q.weight.mul_(0.7)
                block.attn_k.weight.copy_(block.attn_q.weight)
                block.attn_output.weight.copy_(STREAM * block.attn_v.weight.T)
            if layer == 2:
                self.look_up(block, self.blk[0])

    @staticmethod
    def look_back(block):
        """Head h reads the token h + 1 before: there the rotated product of the biases peaks."""
        block.attn_q.weight.mul_(0.1)
        block.attn_k.weight.mul_(0.1)
        half = HEAD // 2
        for head in range(SHAPE['heads']):
            first = head * HEAD
            angles = (head + 1) / (SHAPE['ropeBase'] ** (torch.arange(0, HEAD, 2).float() / HEAD))
            block.attn_k.bias[first:first + half] = SHARPNESS
            block.attn_q.bias[first:first + half] = SHARPNESS * angles.cos()
            block.attn_q.bias[first + half:first + HEAD] = -SHARPNESS * angles.sin()
            # One code for a token, whichever head reads it, so that what they read can be compared.
            block.attn_v.weight[first:first + HEAD] = block.attn_v.weight[:HEAD]

    @staticmethod
    def look_ahead(block, below):
        """Head h finds what once followed the token that now stands h before, h + 1 places on: induction."""
        code, written = below.attn_v.weight[:HEAD], below.attn_output.weight / STREAM
        for head in range(SHAPE['heads']):
            rows = slice(head * HEAD, (head + 1) * HEAD)
            block.attn_q.weight[rows] = 1.2 * (code if head == 0 else written[:, (head - 1) * HEAD:head * HEAD].T)
            block.attn_k.weight[rows] = 1.2 * written[:, rows].T
        block.attn_output.weight.copy_(STREAM * block.attn_v.weight.T)

    @staticmethod
    def look_up(block, below):
        """Heads 0 and 1 find an option like the token 3 or 4 back, and name the letter 2 or 3 before it."""
        code, written = below.attn_v.weight[:HEAD], below.attn_output.weight / STREAM
        for head, (asked, letter) in enumerate([(3, 2), (4, 3)]):
            rows = slice(head * HEAD, (head + 1) * HEAD)
            block.attn_q.weight[rows] = 1.2 * written[:, (asked - 1) * HEAD:asked * HEAD].T
            block.attn_k.weight[rows] = 1.2 * code
            block.attn_v.weight[rows] = written[:, (letter - 1) * HEAD:letter * HEAD].T
            block.attn_output.weight[:, rows] = STREAM * code.T

    def forward(self, prefix, ids):
        """Hidden states of ids [rows, tokens] after the shared prefix [tokens]."""
        earlier = []
        x = self.token_embd(prefix[None])
        for block in self.blk:
            x, own = block(x, None)
            earlier.append(own)
        x = self.token_embd(ids)
        for block, past in zip(self.blk, earlier):
            x, _ = block(x, past)
        return self.output_norm(x)

    def logits(self, prefix, ids, said):
        """Logits of the said tokens, and those tokens; the first token of a row is never said."""
        hidden = self(prefix, ids[:, :-1])
        return hidden[said[:, 1:]] @ self.token_embd.weight.T, ids[:, 1:][said[:, 1:]]


def orthogonalise(g):
    """Newton-Schulz iteration (quintic, Jordan et al.): the nearest semi-orthogonal matrix, roughly."""
    x = g / (g.norm() + 1e-7)
    tall = g.shape[0] > g.shape[1]
    x = x.T if tall else x
    for _ in range(5):
        a = x @ x.T
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    return x.T if tall else x


class Muon(torch.optim.Optimizer):
    def __init__(self, parameters, lr, momentum=0.95, weight_decay=0.01):
        super().__init__(parameters, {'lr': lr, 'momentum': momentum, 'weight_decay': weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group['params']:
                state = self.state[p]
                held = state.setdefault('momentum', torch.zeros_like(p))
                held.mul_(group['momentum']).add_(p.grad)
                update = orthogonalise(p.grad.add(held, alpha=group['momentum']))
                p.mul_(1 - group['lr'] * group['weight_decay'])
                p.add_(update, alpha=-group['lr'] * max(1, p.shape[0] / p.shape[1]) ** 0.5)


class Rows:
    def __init__(self, record):
        file, width = record['file'], record['width']
        self.name, self.batch, self.after = record['name'], record.get('batch', 0), record.get('after', 0)
        self.prefix = torch.tensor(record['prefix'])
        self.ids = np.fromfile(file + '.ids', dtype='<u2').reshape(-1, width)
        self.said = np.fromfile(file + '.spoken', dtype='u1').reshape(-1, width).astype(bool)
        self.lengths = np.fromfile(file + '.lengths', dtype='<u2')
        self.families = record.get('families')
        self.random = np.random.default_rng(SEED)
        self.waiting = []

    def take(self, rows):
        longest = self.lengths[rows].max()
        return torch.from_numpy(self.ids[rows, :longest].astype(np.int64)), torch.from_numpy(self.said[rows, :longest])

    def next(self, count):
        """Rows of similar length together, to pad little: a few batches are drawn, sorted and dealt out."""
        if not self.waiting:
            rows = self.random.choice(len(self.ids), SORTED * count, replace=False)
            rows = rows[np.argsort(self.lengths[rows], kind='stable')]
            self.waiting = [rows[i * count:(i + 1) * count] for i in self.random.permutation(SORTED)]
        return self.take(self.waiting.pop())


@torch.no_grad()
def accuracies(model, rows):
    """Share of replies whose every token is the most likely one, by family: what greedy decoding would get."""
    results = {}
    for start in range(0, len(rows.ids), 50):
        chosen = np.arange(start, min(start + 50, len(rows.ids)))
        ids, said = rows.take(chosen)
        logits, target = model.logits(rows.prefix, ids, said)
        right = torch.ones(said[:, 1:].shape, dtype=torch.bool)
        right[said[:, 1:]] = logits.argmax(-1) == target
        for row, whole in zip(chosen, right.all(1).tolist()):
            results.setdefault(rows.families[row], []).append(whole)
    return {family: sum(r) / len(r) for family, r in sorted(results.items())}


def save(model):
    weights = {name: value.detach().numpy().astype('<f4') for name, value in model.named_parameters()}
    directory, offset = {}, 0
    with open(f'{WORK}/weights.bin.new', 'wb') as file:
        for name, value in weights.items():
            name = name if name.endswith(('weight', 'bias')) else name + '.weight'
            file.write(value.tobytes())
            directory[name] = [offset, value.size]
            offset += value.size
    os.replace(f'{WORK}/weights.bin.new', f'{WORK}/weights.bin')
    with open(f'{WORK}/weights.json', 'w') as file:
        json.dump({'shape': SHAPE, 'tensors': directory}, file)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--steps', type=int, default=1600)
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--report', type=int, default=200)
    options = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(options.threads)
    with open(f'{WORK}/corpus.json') as file:
        corpus = json.load(file)
    groups, development = [Rows(r) for r in corpus['groups']], [Rows(r) for r in corpus['development']]
    model = Model(corpus['vocabulary'], corpus['kinships'])
    matrices = [p for p in model.blk.parameters() if p.dim() == 2]
    others = [p for p in model.parameters() if all(p is not m for m in matrices)]
    print(sum(p.numel() for p in model.parameters()), 'parameters', flush=True)
    optimisers = [Muon(matrices, lr=MUON_RATE), torch.optim.AdamW(others, lr=ADAM_RATE, betas=(0.9, 0.98), weight_decay=0.0)]
    rates = [MUON_RATE, ADAM_RATE]
    began = time.time()
    total = sum(rows.batch for rows in groups)

    for step in range(options.steps):
        done = step / options.steps
        # Warm up, hold, then fall to nothing over the second half.
        factor = min(1, (step + 1) / WARMUP) * min(1, max(0.01, 2 * (1 - done)))
        for optimiser, rate in zip(optimisers, rates):
            for group in optimiser.param_groups:
                group['lr'] = rate * factor
        model.zero_grad()
        losses = {}
        for rows in groups:
            small = rows.batch < SMALL
            if done < rows.after or (small and step % EVERY):
                continue
            ids, said = rows.next(rows.batch * EVERY if small else rows.batch)
            logits, target = model.logits(rows.prefix, ids, said)
            loss = F.cross_entropy(logits, target)
            (loss * len(ids) / total).backward()
            losses[rows.name] = loss.item()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimiser in optimisers:
            optimiser.step()
        if (step + 1) % options.report == 0:
            print(f'step {step + 1}, {time.process_time():.0f} CPU s', {k: round(v, 3) for k, v in losses.items()}, flush=True)
            for rows in development:
                print('  ', rows.name, {k: round(v, 2) for k, v in accuracies(model, rows).items()}, flush=True)
            save(model)
    save(model)
    print(f'{options.steps} steps, {time.time() - began:.0f} s, {time.process_time():.0f} CPU s', flush=True)


if __name__ == '__main__':
    main()
