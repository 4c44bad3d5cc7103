"""Compiled helpers of trips with several stops: which stops share a load, and the tour of each load."""

from __future__ import annotations

import numpy as np
from numba import njit

from simsupply.model.kernels.arrays import fits
from simsupply.model.kernels.savings import ROUNDING, TICKS_PER_KM, savings
from simsupply.model.kernels.trip_moves import improve


@njit(cache=True)
def _ticks(stops, km_out, km_home, km_between, east_north_km, detour_factor):
    """Ways between drop points and, last, their origin, in ticks; shape (stops + 1, stops + 1)."""
    num = len(stops)
    way = np.zeros((num + 1, num + 1), dtype=np.int64)
    for i in range(num):
        way[num, i] = np.int64(np.round(km_out[stops[i]] * TICKS_PER_KM))
        way[i, num] = np.int64(np.round(km_home[stops[i]] * TICKS_PER_KM))
        for j in range(num):
            km = _km(stops[i], stops[j], km_between, east_north_km, detour_factor)
            way[i, j] = np.int64(np.round(km * TICKS_PER_KM))
    return way


@njit(cache=True)
def _km(here, there, km_between, east_north_km, detour_factor):
    """Road between two drop points."""
    if len(km_between):
        return km_between[here, there]
    east = east_north_km[here, 0] - east_north_km[there, 0]
    north = east_north_km[here, 1] - east_north_km[there, 1]
    return np.sqrt(east * east + north * north) * detour_factor


@njit(cache=True)
def shared_loads(ptr, drop_point, kg, parcels, limits, roads):
    """Which consignments share a load, by savings and moves.

    Parameters
    ----------
    ptr : int array, shape (groups + 1,)
        Consignments of group g, which may share loads, are ``ptr[g]`` up to ``ptr[g + 1]``.
    drop_point : int array, shape (consignments,)
        Each is a stop of its own.
    kg, parcels : arrays, shape (consignments,)
    limits : tuple of float, int, int
        Kilograms, parcels and stops that a load may have.
    roads : tuple
        `km_out`, `km_home`, float arrays of shape (drop points,): from the origin and back. `km_between`, float
        array of shape (drop points, drop points): from row to column; of shape (0, 0): straight lines.
        `east_north_km`, float array of shape (drop points, 2). `detour_factor`, float: road for a
        kilometre of straight line.

    Returns
    -------
    int array, shape (consignments,)
        Number of the load.
    """
    load = np.empty(len(drop_point), dtype=np.int64)
    num = 0
    for group in range(len(ptr) - 1):
        rows = slice(ptr[group], ptr[group + 1])
        way = _ticks(drop_point[rows], *roads)
        after, first = savings(way, kg[rows], parcels[rows], *limits, False)
        improve(way, after, first, kg[rows], parcels[rows], *limits)
        for start in first:
            stop = start
            while stop >= 0 and stop < len(after):
                load[ptr[group] + stop] = num
                stop = after[stop]
            num += start >= 0
    return load


@njit(cache=True)
def tours(ptr, drop_point, roads):
    """Tour of each load: all its stops on one trip, by savings and moves, whatever order they are given in.

    It goes the way round that is shorter, or whose first stop is nearer, or has the lower number.

    Parameters
    ----------
    ptr : int array, shape (loads + 1,)
        Orders of load l are ``ptr[l]`` up to ``ptr[l + 1]``.
    drop_point : int array, shape (orders,)
    roads : tuple
        See `shared_loads`.

    Returns
    -------
    stop_ptr : int array, shape (loads + 1,)
    place : int array, shape (stops,)
        Drop points.
    """
    stop_ptr = np.zeros(len(ptr), dtype=np.int64)
    place = np.empty(len(drop_point), dtype=np.int64)
    end = 0
    for load in range(len(ptr) - 1):
        stops = np.unique(drop_point[ptr[load] : ptr[load + 1]])
        num = len(stops)
        way = _ticks(stops, *roads)
        nothing = np.zeros(num)
        none = np.zeros(num, dtype=np.int64)
        after, first = savings(way, nothing, none, 0.0, 0, num, True)
        improve(way, after, first, nothing, none, 0.0, 0, num)
        stop = first[0]
        for number in range(num):
            place[end + number] = stops[stop]
            stop = after[stop]
        if _is_better_back(way, after, first[0]):
            place[end : end + num] = place[end : end + num][::-1].copy()
        end += num
        stop_ptr[load + 1] = end
    return stop_ptr, place[:end].copy()


@njit(cache=True)
def _is_better_back(way, after, start):
    num = len(way) - 1
    there, back, stop = way[num, start], way[start, num], start
    while after[stop] != num:
        there += way[stop, after[stop]]
        back += way[after[stop], stop]
        stop = after[stop]
    there += way[stop, num]
    back += way[num, stop]
    if abs(there - back) > ROUNDING:
        return back < there
    if abs(way[num, stop] - way[num, start]) > ROUNDING:
        return way[num, stop] < way[num, start]
    return stop < start


@njit(cache=True)
def along(stop_ptr, place, ptr, drop_point, roads):
    """Kilometres of trips from stop to stop, and at which stop each order is unloaded.

    Parameters
    ----------
    stop_ptr, place
        As `tours` returns them.
    ptr, drop_point, roads
        See `tours`.

    Returns
    -------
    km : float array, shape (stops,)
        From the stop before, or from the origin.
    km_home : float array, shape (loads,)
    stop_of : int array, shape (orders,)
    """
    km_out, km_home, km_between, east_north_km, detour_factor = roads
    km, home = np.empty(len(place)), np.empty(len(ptr) - 1)
    stop_of = np.empty(len(drop_point), dtype=np.int64)
    at = np.empty(len(km_out), dtype=np.int64)
    for load in range(len(ptr) - 1):
        first, end = stop_ptr[load], stop_ptr[load + 1]
        for stop in range(first, end):
            at[place[stop]] = stop
            if stop == first:
                km[stop] = km_out[place[stop]]
            else:
                km[stop] = _km(place[stop - 1], place[stop], km_between, east_north_km, detour_factor)
        home[load] = km_home[place[end - 1]]
        for order in range(ptr[load], ptr[load + 1]):
            stop_of[order] = at[drop_point[order]]
    return km, home, stop_of


@njit(cache=True)
def cut_trips(ptr, kg, parcels, payload_kg, payload_parcels):
    """Which consignments begin a trip, when they are taken in their order.

    Parameters
    ----------
    ptr : int array, shape (groups + 1,)
        Consignments of group g, which may share trips, are ``ptr[g]`` up to ``ptr[g + 1]``.
    kg, parcels, payload_kg, payload_parcels : arrays, shape (consignments,)
        What each has, and what its vehicle holds.

    Returns
    -------
    bool array, shape (consignments,)
    """
    is_first = np.zeros(len(kg), dtype=np.bool_)
    for group in range(len(ptr) - 1):
        weight, count = 0.0, 0
        for row in range(ptr[group], ptr[group + 1]):
            has_room = fits(weight + kg[row], payload_kg[row]) and count + parcels[row] <= payload_parcels[row]
            if row == ptr[group] or not has_room:
                is_first[row] = True
                weight, count = 0.0, 0
            weight += kg[row]
            count += parcels[row]
    return is_first
