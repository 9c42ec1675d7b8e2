"""Risk: what a year may cost each gemeente under each agreement (README section 4), simulated from its own history; docs/risk.md.

`past` (the history as arrays) > `drawing` (simulated years) > `vectorpool`, `vectoragreement` (what an agreement makes of them) >
`simulation` > `figures`, `charts`, `report`. `closedform`, `panjer` and `population` give what can be computed exactly, without NumPy.

Nothing is imported here, so that a command loads NumPy only when it simulates. Floats are for simulation alone: money that is settled or
booked comes from `app.solidarity.calculator`. Only `store` and `service` touch the world.
"""
