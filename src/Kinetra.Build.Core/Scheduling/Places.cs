namespace Kinetra.Build.Core.Scheduling;

/// <summary>The places that steps run in, and the queue for them. A step may leave the queue otherwise: it is then passed over in its turn.</summary>
internal sealed class Places
{
    private readonly SchedulerGraph _graph;
    private readonly StepState[] _states;
    private readonly int _limit;
    private readonly int[] _poolUse;

    // Steps wait here by their rank, those for another attempt by their rank minus the number of steps. A step whose pool is full
    // is put aside when its turn comes; each place that its pool gets free brings the first one back.
    private readonly IndexHeap _ready;
    private readonly IndexHeap[] _aside;

    /// <param name="graph">The steps.</param>
    /// <param name="states">Where they stand, which the scheduler keeps.</param>
    /// <param name="limit">How many places there are.</param>
    public Places(SchedulerGraph graph, StepState[] states, int limit)
    {
        (_graph, _states, _limit) = (graph, states, limit);
        _poolUse = new int[graph.PoolLimits.Length];
        _ready = new IndexHeap();
        _aside = new IndexHeap[_poolUse.Length];
        for (int i = 0; i < _aside.Length; i++)
        {
            _aside[i] = new IndexHeap();
        }
    }

    private Places(Places other, StepState[] states)
    {
        (_graph, _states, _limit, Taken) = (other._graph, states, other._limit, other.Taken);
        _poolUse = other._poolUse.AsSpan().ToArray();
        _ready = other._ready.Copy();
        _aside = new IndexHeap[other._aside.Length];
        for (int i = 0; i < _aside.Length; i++)
        {
            _aside[i] = other._aside[i].Copy();
        }
    }

    /// <summary>How many places are taken.</summary>
    public int Taken { get; private set; }

    /// <summary>How often two steps have been compared.</summary>
    public long Comparisons
    {
        get
        {
            long sum = _ready.Comparisons;
            foreach (IndexHeap aside in _aside)
            {
                sum += aside.Comparisons;
            }

            return sum;
        }
    }

    /// <summary>The same places with the same queue, for a copy of the states.</summary>
    public Places Copy(StepState[] states) => new(this, states);

    /// <summary>Puts a step into the queue, which is <see cref="StepState.Ready"/> or, to go before all of those, <see cref="StepState.ReadyAgain"/>.</summary>
    public void Queue(int step)
    {
        int pool = _graph.Pool[step];
        int place = _states[step] == StepState.ReadyAgain ? _graph.Rank[step] - _states.Length : _graph.Rank[step];
        (IsFull(pool) ? _aside[pool] : _ready).Push(place);
    }

    /// <summary>Gives the first step that can have one a place, if one is free.</summary>
    public bool TryTake(out int step)
    {
        while (Taken < _limit && _ready.Count > 0)
        {
            int place = _ready.Pop();
            step = StepAt(place);
            if (!IsReady(step))
            {
                continue;
            }

            int pool = _graph.Pool[step];
            if (IsFull(pool))
            {
                _aside[pool].Push(place);
                continue;
            }

            Taken++;
            if (pool >= 0)
            {
                _poolUse[pool]++;
            }

            return true;
        }

        step = -1;
        return false;
    }

    /// <summary>Takes a step's place back.</summary>
    public void GiveBack(int step)
    {
        Taken--;
        int pool = _graph.Pool[step];
        if (pool < 0)
        {
            return;
        }

        _poolUse[pool]--;
        while (_aside[pool].Count > 0)
        {
            int place = _aside[pool].Pop();
            if (IsReady(StepAt(place)))
            {
                _ready.Push(place);
                break;
            }
        }
    }

    private bool IsFull(int pool) => pool >= 0 && _poolUse[pool] == _graph.PoolLimits[pool];

    private bool IsReady(int step) => _states[step] is StepState.Ready or StepState.ReadyAgain;

    private int StepAt(int place) => _graph.ByRank[place < 0 ? place + _states.Length : place];
}
