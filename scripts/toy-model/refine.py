#!/usr/bin/env python3
"""Goes on training from a finished model: for new wording, or for what it still gets wrong.

Reads the weights of a GGUF file that train.py and export.ts made (Q8_0 or F32), matches its vocabulary word by
word with the present one, and trains on the present examples at a lower rate that falls to nothing.

Usage: refine.py MODEL.gguf [--minutes M]
"""
import argparse
import json
import struct
import time

import numpy as np
import torch
import torch.nn.functional as F
import train
from torch import nn

SEED = 5
MUON_RATE, ADAM_RATE, WARMUP = 0.005, 1.5e-3, 20
EXAMPLES = 50
# Group, examples, and how many steps apart; what the model knows already needs little practice.
PLAN = (
    ('chain-of-thought en 4', 12, 1), ('chain-of-thought zh 4', 18, 1),
    ('chain-of-thought en 5', 4, 2), ('chain-of-thought zh 5', 4, 2), ('drill', 12, 2), ('chat', 8, 2),
    ('letter-only en 4', 8, 3), ('letter-only zh 4', 8, 3),
    ('outside en', 2, 4), ('outside zh', 4, 4), ('chat outside', 4, 4),
)
# Bytes of GGUF's scalar value types, by type number; 8 is a string and 9 an array.
SCALAR_BYTES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
ALIGNMENT = 32


class GgufReader:
    def __init__(self, path):
        with open(path, 'rb') as file:
            self.data = file.read()
        self.at = 8

    def unpack(self, form):
        values = struct.unpack_from('<' + form, self.data, self.at)
        self.at += struct.calcsize('<' + form)
        return values

    def value(self, kind):
        if kind == 8:
            size, = self.unpack('Q')
            self.at += size
            return self.data[self.at - size:self.at].decode()
        if kind == 9:
            element, = self.unpack('I')
            count, = self.unpack('Q')
            return [self.value(element) for _ in range(count)]
        self.at += SCALAR_BYTES[kind]
        return None

    def read(self):
        """The token texts, and the tensors by name as float32 arrays, outermost dimension first."""
        tensors, values = self.unpack('QQ')
        metadata = {}
        for _ in range(values):
            name = self.value(8)
            metadata[name] = self.value(self.unpack('I')[0])
        entries = []
        for _ in range(tensors):
            name = self.value(8)
            shape = self.unpack(f"{self.unpack('I')[0]}Q")
            entries.append((name, shape, *self.unpack('IQ')))
        base = -(-self.at // ALIGNMENT) * ALIGNMENT
        return metadata['tokenizer.ggml.tokens'], {
            name: self.tensor(kind, int(np.prod(shape)), base + offset).reshape(shape[::-1])
            for name, shape, kind, offset in entries
        }

    def tensor(self, kind, count, offset):
        if kind == 0:
            return np.frombuffer(self.data, '<f4', count, offset).copy()
        block = np.dtype([('scale', '<f2'), ('values', 'i1', 32)])
        blocks = np.frombuffer(self.data, block, count // 32, offset)
        return (blocks['scale'].astype('f4')[:, None] * blocks['values'].astype('f4')).ravel()


@torch.no_grad()
def restore(model, path, vocabulary):
    """A word that the old vocabulary lacks begins as the mean of all."""
    words, tensors = GgufReader(path).read()
    rows, embeddings = {word: row for row, word in enumerate(words)}, tensors['token_embd.weight']
    mean = embeddings.mean(0)
    tensors['token_embd.weight'] = np.stack(
        [embeddings[rows[word]] if word in rows else mean for word in vocabulary])
    for name, parameter in model.named_parameters():
        name = name if name.endswith(('weight', 'bias')) else name + '.weight'
        parameter.copy_(torch.from_numpy(tensors[name]))


def report(model, development):
    for rows in development:
        print('  ', rows.name, {k: round(v, 3) for k, v in train.accuracies(model, rows).items()}, flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('model')
    parser.add_argument('--minutes', type=float, default=8)
    options = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    with open(f'{train.WORK}/corpus.json') as file:
        corpus = json.load(file)
    with open(f'{train.WORK}/tokenizer.json') as file:
        vocabulary = json.load(file)['tokens']
    groups = {record['name']: train.Rows(record) for record in corpus['groups']}
    development = [train.Rows(record) for record in corpus['development']]
    model = train.Model(corpus['vocabulary'], corpus['kinships'])
    restore(model, options.model, vocabulary)
    report(model, development)

    matrices = [p for p in model.blk.parameters() if p.dim() == 2]
    others = [p for p in model.parameters() if all(p is not m for m in matrices)]
    optimisers = [train.Muon(matrices, lr=MUON_RATE),
                  torch.optim.AdamW(others, lr=ADAM_RATE, betas=(0.9, 0.98), weight_decay=0)]
    began, step = time.time(), 0
    while (done := (time.time() - began) / (60 * options.minutes)) < 1:
        factor = min(1, (step + 1) / WARMUP) * max(0.01, 1 - done)
        for optimiser, rate in zip(optimisers, (MUON_RATE, ADAM_RATE)):
            for group in optimiser.param_groups:
                group['lr'] = rate * factor
        model.zero_grad()
        for name, count, apart in PLAN:
            if step % apart:
                continue
            rows = groups[name]
            ids, said = rows.next(count)
            logits, target = model.logits(rows.prefix, ids, said)
            (F.cross_entropy(logits, target) * count / EXAMPLES).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimiser in optimisers:
            optimiser.step()
        step += 1
    print(f'{step} steps, {time.process_time():.0f} CPU seconds', flush=True)
    report(model, development)
    train.save(model)


if __name__ == '__main__':
    main()
