/// The readings of the shell's clocks at one step. The pure modules read no clock themselves.
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
