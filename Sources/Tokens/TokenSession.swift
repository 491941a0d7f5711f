internal import CPKCS11
internal import Primitives

/// A session with a token, and the keys that were found and tried in it.
struct TokenSession: Sendable {
  let handle: CK_SESSION_HANDLE
  let slot: CK_SLOT_ID
  /// The module's start in which it was opened; a restart ends it.
  let generation: Int
  /// The private halves of keys whose first signature in this session was right.
  var keys: [PublicKey: CK_OBJECT_HANDLE] = [:]
}
