"""What stands in the rows of the arena's arrays: names of columns, and of the kinds and states in them.

Rows lie one behind the other in a flat array: column c of row r is entry ``r * WIDTH + c``. Columns of whole numbers
and of floats (minutes unless said otherwise) have arrays of their own. -1 stands for nobody and nothing. Lists are
doubly linked through the rows of what is in them.
"""

from __future__ import annotations

# --- registers ----------------------------------------------------------------------------------
# Where a cell stands (`simsupply.model.events.cells` takes these up and leaves them): next arrival and departure in
# their streams, jobs to be put into lines, entries of the heap, whether its top is a hole, deciders that were touched;
# orders that are to be made loads of outside the loop: the stand, and which members they are; which cell it is, and
# which deciders are its.
(
    R_ARRIVAL,
    R_ARRIVALS,
    R_DEPARTURE,
    R_DEPARTURES,
    R_PUT,
    R_PUTS,
    R_HEAP,
    R_HOLE,
    R_TOUCHED,
    R_STAND,
    R_LOT,
    R_LOT_END,
    R_CELL,
    R_FIRST_DECIDER,
    R_LAST_DECIDER,
) = range(15)
CELL_REGISTERS = 15
# Of a group of cells: next row, and the end, of those that it may add; how many members the next load needs, and spells
# a trip or unit, and a decision; entries of its lists of what has happened; turns, events.
(
    R_JOBS,
    R_JOBS_END,
    R_PARTS,
    R_PARTS_END,
    R_MEMBERS,
    R_MEMBERS_END,
    R_SPELLS,
    R_SPELLS_END,
    R_FEWS,
    R_FEWS_END,
    R_LOT_SIZE,
    R_SPELLS_OF_TRIP,
    R_FEWS_OF_TURN,
    R_FINISHED,
    R_BEGUN,
    R_OVER,
    R_TURN,
    R_EVENTS,
    # What differs from component to component: widths of rows, and where kinds of entities begin.
    R_ORDER_WIDTH,
    R_TIME_WIDTH,
    R_PART_WIDTH,
    R_FLEETS,
    R_STEPS,
    R_POOL_ENTITY,
    R_DOCK_ENTITY,
    R_DELAY_ENTITY,
    R_CELLS,
    # 1: every decider is asked at every instant (a test of the wake-ups).
    R_ASK_ALL,
    R_COLUMNS,
    # Of gates with time slots: orders that have come and are not known outside, those that were called, and at which.
    R_COME,
    R_PASSES,
    R_CALLED,
    # A row of the table of wake-ups that is left out (a test); -1: none.
    R_LEFT_OUT,
) = range(15, 48)
NUM_REGISTERS = 48
# Floats: the present moment, up to when work counts, and the end of the run. Rows are as long as a line of the
# processor's cache, so that groups on two threads do not write into the same one.
T_NOW, T_HORIZON, T_END = range(3)
NUM_TIMES = 8

# --- cells: places that exchange nothing with others --------------------------------------------
# Behind its registers: where its heap and its deciders that were touched begin in those of all cells; why the loop left
# it. Floats: the moment at which it did.
Z_HEAP, Z_TOUCHED, Z_LEFT = range(CELL_REGISTERS, CELL_REGISTERS + 3)
CELL = CELL_REGISTERS + 3
# Why the loop leaves a cell: it has come to the end of its window; orders are laid ready to be made loads of; there are
# no rows left for loads or spells; a time slot begins.
WINDOW_OVER, LOT_READY, NO_ROOM, SLOT = range(4)

# --- nodes: a step of a route -------------------------------------------------------------------
# What is there; the next one (`BY_WAY`: not the same for all orders); its number on the route; whether units wait in
# sequence, whether priority goes first, whether it must be known in the loop when an order has finished; the step (for
# sums); its delay; how loads leave and of how many orders they are; who makes loads up; whether a vehicle fetches;
# where `EXTRA` of its orders begins; its stands; since when work goes on, place by place; whether members are the
# orders themselves, and whether orders are done one by one; how crews that join speed up; whether trips are made of
# parts. Delays and who makes loads up have a row for each cell: these name the first.
(
    N_KIND,
    N_NEXT,
    N_COLUMN,
    N_IN_SEQUENCE,
    N_IS_EVENT,
    N_STEP,
    N_DELAY,
    N_LEAVES,
    N_LOT,
    N_LOADS,
    N_FETCHES,
    N_EXTRA,
    N_STAND,
    N_AGES,
    N_IS_PLAIN,
    N_HAS_DOORS,
    N_RAMP,
    N_IN_PARTS,
) = range(18)
NODE = 18
BY_WAY = -2
# Kinds of nodes: units whose orders are known beforehand; orders that stand until a load is made of them; time passes;
# orders are called slot by slot.
UNITS, STANDING, DELAY, SLOTS = range(4)
# How loads of what stands leave.
FULL, AT_TIMES, READY = range(3)

# Floats of a node: of loading, then of unloading: whether it takes time (1), minutes per consignment and per load;
# minutes of rest behind unloading.
# By pace: at which speed a new line begins, and after how many minutes it is that of the pace.
X_TAKES_TIME, X_PER_CONSIGNMENT, X_PER_LOAD, X_REST, X_RAMP_START, X_RAMP = 0, 2, 4, 6, 7, 9
NODE_TIMES = 11
# The same of each crew that joins (`F_RAMP`, a row for each): by pace, start, then minutes.
RAMP_START, RAMP_MINUTES = 0, 2
RAMP = 4

# --- orders -------------------------------------------------------------------------------------
# The node at which it is; its place among what stands or waits; the floor that it leaves at the end of its way; its
# way; then, for each number on its route, the unit or the stand to which it belongs.
O_NODE, O_NEXT, O_PREVIOUS, O_FLOOR, O_WAY = range(5)
ORDER_HEAD = 5
# Floats: for each number on its route when it came there, which is when it finished the one before; then when it
# finished the last one (who passes some numbers by came to the next when it finished the last); then `EXTRA` for each
# leg at which it stands: its own minutes of loading and unloading, and of a load of which it is the first: the way out,
# the way back, held, km out and back; its line, its docks, the floors that it leaves and enters; and for each gate with
# time slots: at which minute of the day the own slot of its household begins.
(E_LOAD, E_UNLOAD, E_OUT, E_EMPTY, E_HELD, E_KM, E_KM_BACK, E_LINE, E_DOCKS, E_FLOOR_FROM, E_FLOOR_TO) = range(11)
EXTRA = 11

# --- jobs: units of work, loads -----------------------------------------------------------------
# Its place in its line; how many of its orders have not come (0: it is ready); by what it goes among those ready at
# once; its orders: members `J_FIRST` up to `J_END`, which where nodes say so (`N_IS_PLAIN`) are the orders themselves;
# of a unit: doors from `J_DOOR` on have no time yet; of a load: parts `J_PART` up to `J_PART_END` of its trip, and once
# it has left its line the spell of its vehicle (-1: these are not kept), behind which stand those of whoever is in it.
# Of a unit of several crews: where its minutes at the paces of those that join stand, by pace, each with those of its
# doors; of one that is served with others: the count of its list (-1: it is of none), the next of those begun with it.
(
    J_NEXT,
    J_PREVIOUS,
    J_LINE,
    J_MISSING,
    J_KEY,
    J_FIRST,
    J_END,
    J_NODE,
    J_HAS_PRIORITY,
    J_WAS_BEGUN,
    J_PART,
    J_PART_END,
    J_SERVER,
    J_STAND,
    J_GROUP,
) = range(15)
J_DOOR, J_MORE, J_LIST = J_PART, J_PART_END, J_STAND
J_SPELL = J_PREVIOUS
JOB = 15
# Floats: ready; minutes by pace; when begun, when done (or back). What is left of work takes the place of its minutes.
J_READY, J_MINUTES, J_MINUTES_LATER, J_BEGUN, J_DONE = range(5)
J_LEFT = J_MINUTES
JOB_TIMES = 5
# Lists of a line, the first goes first: what was handed over, priority, all else.
HANDED, FIRST, OTHERS = range(3)

# --- members ------------------------------------------------------------------------------------
# Floats: minutes of work until the order is done, by pace; the first is the time itself once that is known.
MEMBER_TIMES = 2

# --- lines --------------------------------------------------------------------------------------
# Head and tail of each list, then: who decides, whether of loads, steps that are left, place in the crew's order, rank
# of the step, fleets that may take its loads (bits), first of the rings of these vehicles; how many units are served at
# once, and of how many at least; the spell in which too few stand ready; whom it needs (rows of `I_NEED`).
L_HEAD, L_TAIL = 0, 3
L_POOL, L_IS_OF_LOADS, L_LEFT, L_IN_ORDER, L_RANK, L_FLEETS, L_RING, L_TRIED, L_PLACE = range(6, 15)
L_UNITS, L_LEAST, L_FEW, L_NEED, L_NEEDS, L_CAN = range(15, 21)
LINE = 21

# --- pools --------------------------------------------------------------------------------------
# Lines, the rule of the crew, its ring (-1: vehicles with drivers of their own), whether work has to fit; where crews
# decide together, or units are served together: the crews (rows of `I_CREW`).
P_LINE, P_LINES, P_RULE, P_RING, P_MUST_FIT, P_DECIDER, P_CREW, P_CREW_END = range(8)
POOL = 8
DOWNSTREAM, UPSTREAM, LONGEST, IN_ORDER = range(4)

# Of a crew that decides with others: its ring, its rule, the line that goes first for it.
CR_RING, CR_RULE, CR_WANTED = range(3)
CREW = 3
# Of a line, for each crew of which somebody is needed: its ring, place in the crew's order, who would come.
D_RING, D_IN_ORDER, D_PERSON = range(3)
NEED = 3
# Minutes that the longest of the units takes, by pace.
NEED_TIMES = 2

# --- rings: who is idle and on duty, longest first ----------------------------------------------
# Behind seats, fleet and whether it is kept who is busy when: hours in which anybody of the crew is on duty.
G_HEAD, G_TAIL, G_POOL, G_SEATS, G_FLEET, G_KEEPS_SPELLS, G_HOURS, G_HOURS_END = range(8)
RING = 8
# Floats: driving after which a vehicle rests, and for how long.
G_REST_AFTER, G_REST = range(2)
RING_TIMES = 2

# --- servers: people, vehicles ------------------------------------------------------------------
(
    S_NEXT,
    S_PREVIOUS,
    S_RING,
    S_DUTY,
    S_DUTY_END,
    S_STATE,
    S_JOB,
    S_PART,
    S_ARRIVES,
    # Who is with it on a trip, one after the other.
    S_MATE,
    S_DOCK,
    S_BOOK,
    S_DUTY_AT_BEGIN,
    S_DOOR,
    S_SPELL,
) = range(15)
SERVER = 16
# Floats: free (and on duty) since; when it began; when it came to wait; driving since its last rest; end of its work.
V_SINCE, V_BEGAN, V_WAITS, V_DRIVEN, V_END, V_FREE = range(6)
SERVER_TIMES = 6
(
    IDLE,
    OFF_DUTY,
    AT_WORK,
    HANDS_OVER,
    ON_TRIP,
    WAITS_FOR_DOCK,
    WAITS_AT_STOP,
    WAITS_FOR_ROOM,
    RESTS,
    IN_SEAT,
    GONE,
    LEAVES,
    HAS_DOCK,
    HAS_ROOM,
) = range(14)

# --- duty intervals (floats) --------------------------------------------------------------------
D_START, D_END, D_HALT, D_FIT, D_SPEED, D_STRUCK, D_RULE = range(7)
DUTY = 8

# --- parts of trips -----------------------------------------------------------------------------
# Calendar; for what time is lost by it (-1: a part of the simplest trip); docks at which it is loaded, or unloaded;
# floor that it needs room on, and for how many parcels; floor that it leaves; orders that are unloaded with it; where.
Q_CALENDAR, Q_WAITS, Q_DOCKS, Q_DOCKS_TO, Q_FLOOR, Q_PARCELS, Q_LEAVES, Q_FIRST, Q_END, Q_STOP = range(10)
PART = 10
SIMPLEST = -1
# As many has a trip that is made up in the loop at most.
MOST_PARTS = 8
# Floats: when it came to it, had a dock, had room, was through; what it lost by its calendar up to the end of the run,
# in a part of the simplest trip instead when its road was behind; then by fleet: minutes, km, minutes in which these
# are driven, and (first part) driving of the whole trip.
Q_CAME, Q_DOCKED, Q_ROOM, Q_THROUGH, Q_LOST = range(5)
Q_DRIVEN = Q_LOST
PART_HEAD = 5

# --- docks and floors ---------------------------------------------------------------------------
# Docks of one place; who waits for one, by time and load or just in turn. Of each dock: the calendar of work there, and
# of when it may be taken.
K_FIRST, K_END, K_HEAD, K_TAIL, K_DECIDER, K_BY_LOAD = range(6)
DOCKS = 6
C_IS_FREE, C_CALENDAR, C_OPENS = range(3)
DOCK = 3
FL_HEAD, FL_TAIL, FL_DECIDER = range(3)
FLOOR = 3

# --- stands: finished orders for one place ------------------------------------------------------
# At last: whether it is time for what stands there to leave; the next stand of the same node in the same cell; docks
# for unloading at the place to which its loads go.
H_HEAD, H_TAIL, H_COUNT, H_NODE, H_LOADS, H_NEXT, H_IS_LISTED, H_OFFER, H_IS_OFFERED, H_TAKEN = range(10)
H_DEPARTS, H_SIBLING, H_DOCKS_TO = 10, 11, 12
STAND = 13
# Who makes loads up: decider, first of the stands that were touched, whether it is in Python.
M_DECIDER, M_HEAD, M_IS_OUTSIDE = range(3)
LOADS = 3

# --- delays -------------------------------------------------------------------------------------
# Who waits; hours or days on which it is open; whether a gate, one with slots; who decides, whether a slot begins.
Y_HEAD, Y_TAIL, Y_HOURS, Y_HOURS_END, Y_DAYS_AHEAD, Y_IS_GATE, Y_HAS_SLOTS, Y_DECIDER, Y_IS_DUE = range(9)
DELAYS = 9

# --- deciders -----------------------------------------------------------------------------------
A_KIND, A_WHICH, A_IS_TOUCHED = range(3)
DECIDER = 3
FLOOR_DECIDES, DOCKS_DECIDE, LOADS_DECIDE, POOL_DECIDES, CREWS_DECIDE, SLOTS_DECIDE = range(6)

# --- sums ---------------------------------------------------------------------------------------
# Ticks of work inside and beyond duty; ticks of kilometres; ticks lost for a dock, a road, a place, a floor.
B_BUSY, B_OVERTIME, B_KM, B_DOCK, B_ROAD, B_PLACE, B_FLOOR, B_TRIPS = range(8)
BOOK = 8
