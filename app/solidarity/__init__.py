"""Who bears which share of the cost: the models of verevening; pure but for its service."""
