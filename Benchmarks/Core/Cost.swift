import AllocationCount
import Foundation

/// What something took: processor time of all threads, time on the wall, and what the process allocated meanwhile.
struct Cost {
  var processor: Duration = .zero
  var wall: Duration = .zero
  /// Blocks of memory, on all threads.
  var allocations: UInt64 = 0
  /// Bytes asked for with them.
  var bytes: UInt64 = 0

  static func + (left: Cost, right: Cost) -> Cost {
    Cost(
      processor: left.processor + right.processor, wall: left.wall + right.wall,
      allocations: left.allocations + right.allocations, bytes: left.bytes + right.bytes)
  }

  static func - (left: Cost, right: Cost) -> Cost {
    Cost(
      processor: left.processor - right.processor, wall: left.wall - right.wall,
      allocations: left.allocations - right.allocations, bytes: left.bytes - right.bytes)
  }

  static func += (left: inout Cost, right: Cost) { left = left + right }

  /// What `body` takes.
  static func measure<Failure: Error>(_ body: () throws(Failure) -> Void) throws(Failure) -> Cost {
    let start = now()
    try body()
    return now() - start
  }

  /// All of `samples`, as if each had taken the median time on the wall: on a shared machine one sample in a hundred
  /// waits for somebody else.
  static func typical(_ samples: [Cost]) -> Cost {
    var sum = samples.reduce(Cost(), +)
    sum.wall = samples.map(\.wall).sorted()[samples.count / 2] * samples.count
    return sum
  }

  /// The readings of the clocks and counters: for what no closure can hold, the difference of two is the cost.
  static func now() -> Cost {
    Cost(
      processor: read(CLOCK_PROCESS_CPUTIME_ID), wall: read(CLOCK_MONOTONIC),
      allocations: allocation_count_blocks(), bytes: allocation_count_bytes())
  }

  private static func read(_ clock: clockid_t) -> Duration {
    var time = timespec()
    clock_gettime(clock, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}

extension Duration {
  var nanoseconds: Double { Double(components.seconds) * 1e9 + Double(components.attoseconds) * 1e-9 }
}

/// Takes a value where the optimiser cannot look, so that it must be made.
@inline(never)
@_optimize(none)
func keep<Value: ~Copyable>(_ value: borrowing Value) {}
