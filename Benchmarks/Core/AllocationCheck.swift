import AllocationCount
import Cryptography
import Foundation
import Primitives

/// Makes allocations whose number and size are known, and checks that they are counted: a count that is always zero
/// would meet every budget.
enum AllocationCheck {
  private static let header = 32

  /// What is wrong with the counting, or nil if it works.
  static func fault() -> String? {
    // The first use of a type makes the runtime allocate.
    keep(array(of: 1))
    keep(Object())
    for count in [1_000, 100_000] {
      let cost = Cost.measure { keep(array(of: count)) }
      // An array has a header before its elements and requests a little more than it needs.
      guard cost.allocations == 1, (count + header...count + 2 * header).contains(Int(cost.bytes)) else {
        return "an array of \(count) bytes was counted as \(cost.allocations) allocations of \(cost.bytes) bytes"
      }
    }
    let objects = Cost.measure { for _ in 0..<100 { keep(Object()) } }
    guard objects.allocations == 100 else { return "100 objects were counted as \(objects.allocations) allocations" }
    let nothing = Cost.measure { keep(0) }
    guard nothing.allocations == 0 else { return "nothing was counted as \(nothing.allocations) allocations" }
    // These allocations are made in C, through libcrypto's own functions.
    let library = Cost.measure { keep(HashFunction(.p256SHA256)) }
    guard library.allocations > 0 else { return "what OpenSSL allocates is not counted" }
    return threads()
  }

  @inline(never)
  private static func array(of count: Int) -> [UInt8] { [UInt8](repeating: 1, count: count) }

  private final class Object {}

  /// Checks that no count is lost when two threads allocate at the same time.
  private static func threads() -> String? {
    let each = 10_000
    let cost = Cost.measure {
      DispatchQueue.concurrentPerform(iterations: 2) { _ in
        for _ in 0..<each { keep(array(of: 100)) }
      }
    }
    // Starting the threads allocates as well.
    guard (2 * each...2 * each + 500).contains(Int(cost.allocations)) else {
      return "\(2 * each) arrays of two threads were counted as \(cost.allocations) allocations"
    }
    return nil
  }
}
