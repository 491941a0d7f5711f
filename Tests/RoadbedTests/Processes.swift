import Testing

/// Tests that run nodes as real processes: one after the other, as they measure time and share the machine.
@Testing.Suite(.serialized, .timeLimit(.minutes(5)))
enum Processes {}
