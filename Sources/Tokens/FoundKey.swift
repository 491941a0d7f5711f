internal import CPKCS11
internal import Primitives

/// A pair of keys as it was found in a token.
struct FoundKey: Sendable {
  let handle: CK_OBJECT_HANDLE
  let publicHandles: [CK_OBJECT_HANDLE]
  let place: TokenKeyPlace
  let suite: Suite
  let publicKey: PublicKey
  let isExtractable: Bool
}
