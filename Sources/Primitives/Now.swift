/// What the shell's clocks say at one step: the pure modules read no clock of their own.
@frozen
public struct Now: Hashable, Sendable, BitwiseCopyable {
  public var tick: Tick
  public var wall: Timestamp
  @inlinable
  public init(tick: Tick, wall: Timestamp) {
    self.tick = tick
    self.wall = wall
  }
}
