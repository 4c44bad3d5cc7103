"""The reference models as numbers; minutes throughout.

Tandem: Poisson orders are picked by `PICKERS`, collected in batches of `BATCH`, carried by `VEHICLES`, which drive
back before they take the next batch, and brought to the door by `COURIERS`. Everybody serves first come, first
served, every system starts empty, and every order counts.

Shared crews: `POINTS` points, each with people of its own who do everything.

Queue: M/M/3, whose mean wait is known from Erlang's C formula [1]_.

References
----------
.. [1] Erlang, A. K. (1917). Solution of some problems in the theory of probabilities of significance in automatic
   telephone exchanges. Elektroteknikeren 13. With a = 2.4 Erlang and 3 servers C = 0.647191, and the mean wait is
   C / (3 - 2.4) = 1.078652 minutes.
"""

import math

NUM_ORDERS = 100_000

TANDEM_RATE = 10.0  # orders a minute
PICKERS, PICK_MEAN, PICK_SIGMA = 25, 2.0, 0.5  # lognormal: mean of the time, sigma of its logarithm
PICK_MU = math.log(PICK_MEAN) - PICK_SIGMA**2 / 2  # mean of the logarithm
BATCH, VEHICLES, DRIVE_LOW, DRIVE_HIGH = 50, 8, 10.0, 20.0  # uniform, each way
COURIERS, DOOR_MEAN = 50, 4.0  # exponential
TANDEM_SOJOURN = 24.852  # 200 replications of 100,000 orders, +- 0.011

# Shared crews: at each point people fetch orders in tens with a van, sort them and bring them to the door, whatever is
# nearest to the door first.
POINTS, CREW_RATE, CREW_PEOPLE, CREW_VANS, CREW_BATCH = 12, 0.8, 8, 3, 10
CREW_DRIVE_LOW, CREW_DRIVE_HIGH = 5.0, 10.0  # uniform, each way
CREW_SORT_MEAN, CREW_SORT_SIGMA, CREW_DOOR_MEAN = 2.0, 0.5, 4.0
CREW_SORT_MU = math.log(CREW_SORT_MEAN) - CREW_SORT_SIGMA**2 / 2

QUEUE_RATE, SERVERS, SERVICE_MEAN = 2.4, 3, 1.0
QUEUE_WAIT = 1.07865
