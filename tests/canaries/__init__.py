"""The leak test: canaries are planted in every protected field through the real pages, then looked for everywhere.

`values` makes them, `planting` walks through the pages, `stores` reads every place in which something is kept or
heard, `encodings` knows the forms in which a value could turn up, `search` brings them together.
"""
