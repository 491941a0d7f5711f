internal import Primitives

/// How many keys each registrar has brought into the block that is executed. Every node checks each key during execution, so
/// what one member alone can make all nodes do in a block is bounded.
struct RegistrarAdmissions: Sendable {
  /// By the registrar's slot.
  private var keys: [UInt32: Int] = [:]

  mutating func beginBlock() { keys.removeAll(keepingCapacity: true) }

  /// Counts keys that are about to be checked, even if the operation fails then. Returns whether the registrar may bring them.
  mutating func spend(_ count: Int, of registrar: UInt32) -> Bool {
    let sum = keys[registrar, default: 0] + count
    guard sum <= Limits.registrarKeysPerBlock else { return false }
    keys[registrar] = sum
    return true
  }
}
