import AllocationCount
import Foundation

/// The cost of an operation: processor time of all threads, wall-clock time, and what the process allocated meanwhile.
struct Cost {
  var processor: Duration = .zero
  var wall: Duration = .zero
  /// Blocks of memory allocated on all threads.
  var allocations: UInt64 = 0
  /// Bytes requested for those blocks.
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

  /// Measures the cost of `body`.
  static func measure<Failure: Error>(_ body: () throws(Failure) -> Void) throws(Failure) -> Cost {
    let start = now()
    try body()
    return now() - start
  }

  /// The sum of `samples`, as if each had taken the median wall-clock time: on a shared machine, one sample in a
  /// hundred waits for other processes.
  static func typical(_ samples: [Cost]) -> Cost {
    var sum = samples.reduce(Cost(), +)
    sum.wall = samples.map(\.wall).sorted()[samples.count / 2] * samples.count
    return sum
  }

  /// The current readings of the clocks and counters. The difference between two readings is the cost of code that
  /// cannot be in a closure.
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

/// Uses a value where the optimiser cannot see it, so that the value must be computed.
@inline(never)
@_optimize(none)
func keep<Value: ~Copyable>(_ value: borrowing Value) {}
