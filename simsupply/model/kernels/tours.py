"""Compiled helpers of milk runs: tours from stop to stop, and where a load ends."""

from __future__ import annotations

import numpy as np
from numba import njit

from simsupply.model.kernels.arrays import fits


@njit(cache=True)
def tours(ptr, drop_point, km_from_origin, east_north_km, detour_factor):
    """Tour of each load: from the origin to the nearest drop point, and from each to the nearest that is left.

    Parameters
    ----------
    ptr : int array, shape (loads + 1,)
        Orders of load l are ``ptr[l]`` up to ``ptr[l + 1]``.
    drop_point : int array, shape (orders,)
    km_from_origin : float array, shape (drop points,)
    east_north_km : float array, shape (drop points, 2)
    detour_factor : float
        Kilometres of road for one as the crow flies.

    Returns
    -------
    stop_ptr : int array, shape (loads + 1,)
    place : int array, shape (stops,)
        Drop points.
    km : float array, shape (stops,)
        From the stop before.
    stop_of : int array, shape (orders,)
    """
    num = len(drop_point)
    stop_ptr = np.zeros(len(ptr), dtype=np.int64)
    place, km = np.empty(num, dtype=np.int64), np.empty(num)
    stop_of = np.empty(num, dtype=np.int64)
    end = 0
    for load in range(len(ptr) - 1):
        first = end
        for order in range(ptr[load], ptr[load + 1]):
            is_new = True
            for stop in range(first, end):
                is_new &= place[stop] != drop_point[order]
            if is_new:
                place[end] = drop_point[order]
                end += 1
        for stop in range(first, end):
            nearest, least = -1, np.inf
            for other in range(stop, end):
                if stop == first:
                    way = km_from_origin[place[other]]
                else:
                    here, there = place[stop - 1], place[other]
                    east = east_north_km[here, 0] - east_north_km[there, 0]
                    north = east_north_km[here, 1] - east_north_km[there, 1]
                    way = np.sqrt(east * east + north * north) * detour_factor
                if way < least or (way == least and place[other] < place[nearest]):
                    nearest, least = other, way
            place[stop], place[nearest] = place[nearest], place[stop]
            km[stop] = least
        for order in range(ptr[load], ptr[load + 1]):
            for stop in range(first, end):
                if place[stop] == drop_point[order]:
                    stop_of[order] = stop
        stop_ptr[load + 1] = end
    return stop_ptr, place[:end].copy(), km[:end].copy(), stop_of


@njit(cache=True)
def cut_loads(origin, turn, kg, parcels, payload_kg, payload_parcels, max_stops):
    """Which consignments begin a load; within a turn each has a stop of its own.

    Parameters
    ----------
    origin, turn : int arrays, shape (consignments,)
        A load has one origin and one turn of the dispatch list.
    kg, parcels : arrays, shape (consignments,)
    payload_kg, payload_parcels, max_stops : float, int, int or float
        What a load may have.

    Returns
    -------
    bool array, shape (consignments,)
    """
    is_first = np.ones(len(kg), dtype=np.bool_)
    weight, count, stops = 0.0, 0, 0
    for row in range(len(kg)):
        has_room = fits(weight + kg[row], payload_kg) and count + parcels[row] <= payload_parcels and stops < max_stops
        if row > 0 and has_room and origin[row] == origin[row - 1] and turn[row] == turn[row - 1]:
            is_first[row] = False
        else:
            weight, count, stops = 0.0, 0, 0
        weight += kg[row]
        count += parcels[row]
        stops += 1
    return is_first
