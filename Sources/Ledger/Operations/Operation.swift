public import Primitives

/// One change to the ledger.
///
/// The comfortable form, for building and showing; execution reads `OperationView` from the buffer. Its
/// decoder is the view's, so there is one set of rules.
public enum Operation: Hashable, Sendable {
  /// Admits a member and opens the account named like it. Needs the administrators.
  case memberAdd(name: Name, description: String, authority: MemberAuthority)
  /// Replaces a member's roles, keys and threshold. Needs the administrators.
  case memberUpdate(name: Name, authority: MemberAuthority)
  /// Stops a member from acting and its accounts from paying and receiving. Needs the administrators.
  case memberSuspend(name: Name, reason: String)
  /// Takes a suspension back. Needs the administrators.
  case memberRestore(name: Name)
  /// Opens an account. Needs its owner.
  case accountOpen(account: AccountName, description: String)
  /// Stops an account from paying; it can still receive. Needs the administrators.
  case accountFreeze(account: AccountName)
  /// Takes a freeze back. Needs the administrators.
  case accountUnfreeze(account: AccountName)
  /// Defines an asset with at most 30 decimals. Needs the issuer.
  case assetDefine(asset: Name, issuer: Name, decimals: UInt8, description: String)
  /// Creates units. Needs the asset's issuer.
  case assetIssue(asset: Name, to: AccountName, amount: Amount)
  /// Destroys units. Needs the asset's issuer and the account's owner.
  case assetRetire(asset: Name, from: AccountName, amount: Amount)
  /// Moves units; the memo has at most 64 bytes. Needs the owner of `from`.
  case assetTransfer(asset: Name, from: AccountName, to: AccountName, amount: Amount, memo: [UInt8] = [])
  /// Keeps the digest of a document as the next version of (collection, key). Needs the author.
  case recordAnchor(author: Name, collection: CollectionName, key: String, content: Digest, metadata: [UInt8] = [])

  public var kind: OperationKind {
    switch self {
    case .memberAdd: .memberAdd
    case .memberUpdate: .memberUpdate
    case .memberSuspend: .memberSuspend
    case .memberRestore: .memberRestore
    case .accountOpen: .accountOpen
    case .accountFreeze: .accountFreeze
    case .accountUnfreeze: .accountUnfreeze
    case .assetDefine: .assetDefine
    case .assetIssue: .assetIssue
    case .assetRetire: .assetRetire
    case .assetTransfer: .assetTransfer
    case .recordAnchor: .recordAnchor
    }
  }
}
