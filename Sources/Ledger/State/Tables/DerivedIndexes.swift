internal import Primitives

/// Look-ups derived from the tables, for finding rows by something other than their keys.
struct DerivedIndexes: Sendable {
  var keyHolders: [PublicKey: UInt32] = [:]
}
