/// What a signer's key is for. A vote key signs no transactions, and a member's key no votes.
package enum SignerRole: UInt8, CaseIterable, Sendable {
  case node = 1
  case member = 2
}
