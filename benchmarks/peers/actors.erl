%% SPDX-License-Identifier: MIT OR BSL-1.0
%% What actors do, by processes of Erlang, where it is installed: erl +S 1 -s actors pool, erl +S 2 -s actors threads.
-module(actors).
-export([pool/0, threads/0]).

pool() ->
    rate("vms", fun(N) -> vms(N) end),
    messages("pool"),
    jobs(1).

threads() ->
    messages("threads"),
    jobs(2).

rate(Name, Body) -> rate(Name, Body, 64).
rate(Name, Body, N) ->
    Begin = erlang:monotonic_time(microsecond),
    Body(N),
    Elapsed = erlang:monotonic_time(microsecond) - Begin,
    Least = list_to_float(os:getenv("BENCHMARK_SECONDS", "0.5")) * 1.0e6,
    if
        Elapsed >= Least -> io:format("~s ~b /s~n", [Name, round(N / Elapsed * 1.0e6)]);
        true -> rate(Name, Body, N * 2)
    end.

vms(0) -> ok;
vms(N) ->
    {_, Monitor} = spawn_monitor(fun() -> ok end),
    receive {'DOWN', Monitor, process, _, _} -> vms(N - 1) end.

messages(Where) ->
    Partner = spawn_link(fun partner/0),
    rate(Where ++ "_round_trips", fun(N) -> Partner ! {each, N, self()}, round_trips(Partner, N) end),
    rate(Where ++ "_one_way", fun(N) -> Partner ! {last, N, self()}, one_way(Partner, N), receive through -> ok end end).

round_trips(_, 0) -> ok;
round_trips(Partner, N) ->
    Partner ! N,
    receive N -> round_trips(Partner, N - 1) end.

one_way(_, 0) -> ok;
one_way(Partner, N) -> Partner ! N, one_way(Partner, N - 1).

partner() ->
    receive
        {each, N, To} -> answer(N, To), partner();
        {last, N, To} -> take(N), To ! through, partner()
    end.

answer(0, _) -> ok;
answer(N, To) -> receive Message -> To ! Message, answer(N - 1, To) end.

take(0) -> ok;
take(N) -> receive _ -> take(N - 1) end.

%% The same work as benchmarks/actors/partners/job.lua.
job(X, 0) -> X;
job(X, N) -> job(X * 16807 rem 2147483647, N - 1).

jobs(Count) ->
    Workers = [spawn_link(fun worker/0) || _ <- lists:seq(1, Count)],
    rate("jobs_" ++ integer_to_list(Count), fun(N) ->
        Ahead = [{W, I} || I <- [1, 2], W <- Workers],
        [W ! {I, self()} || {W, I} <- Ahead],
        pass(N, length(Ahead), 0)
    end).

%% N jobs are done; so many are under way.
pass(N, UnderWay, Done) when Done =:= N -> [receive {_, _} -> ok end || _ <- lists:seq(1, UnderWay)], ok;
pass(N, UnderWay, Done) ->
    receive {Worker, _} -> Worker ! {Done, self()}, pass(N, UnderWay, Done + 1) end.

worker() ->
    receive {Seed, To} -> To ! {self(), job(Seed + 1, 100000)}, worker() end.
