"""What the window knows beyond the document: the loaded data, the network's numbers, the training that runs."""
