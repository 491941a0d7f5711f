import AllocationCount
import Cryptography
import Foundation
import Primitives

/// Makes allocations of which it knows number and size, and looks whether they were counted: a count that is always
/// zero would keep every budget.
enum AllocationCheck {
  private static let header = 32

  /// What is wrong with the counting, nil if nothing is.
  static func fault() -> String? {
    // The runtime allocates when something of a type happens for the first time.
    keep(array(of: 1))
    keep(Object())
    for count in [1_000, 100_000] {
      let cost = Cost.measure { keep(array(of: count)) }
      // An array has a header before its elements, and asks for a little more than it needs.
      guard cost.allocations == 1, (count + header...count + 2 * header).contains(Int(cost.bytes)) else {
        return "an array of \(count) bytes was counted as \(cost.allocations) allocations of \(cost.bytes) bytes"
      }
    }
    let objects = Cost.measure { for _ in 0..<100 { keep(Object()) } }
    guard objects.allocations == 100 else { return "100 objects were counted as \(objects.allocations) allocations" }
    let nothing = Cost.measure { keep(0) }
    guard nothing.allocations == 0 else { return "nothing was counted as \(nothing.allocations) allocations" }
    // In C, and by way of libcrypto's own functions.
    let library = Cost.measure { keep(HashFunction(.p256SHA256)) }
    guard library.allocations > 0 else { return "what OpenSSL allocates is not counted" }
    return threads()
  }

  @inline(never)
  private static func array(of count: Int) -> [UInt8] { [UInt8](repeating: 1, count: count) }

  private final class Object {}

  /// Two threads at once: no count may be lost.
  private static func threads() -> String? {
    let each = 10_000
    let cost = Cost.measure {
      DispatchQueue.concurrentPerform(iterations: 2) { _ in
        for _ in 0..<each { keep(array(of: 100)) }
      }
    }
    // The threads themselves take some.
    guard (2 * each...2 * each + 500).contains(Int(cost.allocations)) else {
      return "\(2 * each) arrays of two threads were counted as \(cost.allocations) allocations"
    }
    return nil
  }
}
