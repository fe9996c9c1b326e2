import Testing

/// The tests of pools run one after the other: each wants the processors to itself.
@Suite(.serialized) enum InTurn {}
