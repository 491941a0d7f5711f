public import Primitives

/// One decoded operation of fixed size: names and amounts in place, longer fields as ranges of the buffer.
///
/// Decoding it allocates nothing and is the only place where the rules of operations are checked.
@frozen
public enum OperationView: Hashable, Sendable, BitwiseCopyable {
  case memberAdd(name: Name, description: ByteRange, authority: MemberAuthorityView)
  case memberUpdate(name: Name, authority: MemberAuthorityView)
  case memberSuspend(name: Name, reason: ByteRange)
  case memberRestore(name: Name)
  case accountOpen(account: AccountName, description: ByteRange)
  case accountFreeze(account: AccountName)
  case accountUnfreeze(account: AccountName)
  case assetDefine(asset: Name, issuer: Name, decimals: UInt8, description: ByteRange)
  case assetIssue(asset: Name, to: AccountName, amount: Amount)
  case assetRetire(asset: Name, from: AccountName, amount: Amount)
  case assetTransfer(asset: Name, from: AccountName, to: AccountName, amount: Amount, memo: ByteRange)
  case recordAnchor(author: Name, collection: CollectionName, key: ByteRange, content: Digest, metadata: ByteRange)

  public init(from reader: inout Reader) throws(CodecError) {
    let rawKind = try reader.byte()
    guard let kind = OperationKind(rawValue: rawKind) else {
      throw .unknown(field: "operation kind", value: UInt64(rawKind))
    }
    switch kind {
    case .assetTransfer:
      let asset = try Name(from: &reader, "asset")
      let from = try AccountName(from: &reader, "from")
      let to = try AccountName(from: &reader, "to")
      guard from != to else { throw .invalid(field: "to (must differ from the paying account)") }
      let amount = try OperationView.positive(&reader)
      let memo = try reader.mediumRange(limit: Limits.memoBytes, "memo")
      self = .assetTransfer(asset: asset, from: from, to: to, amount: amount, memo: memo)
    case .assetIssue:
      let asset = try Name(from: &reader, "asset")
      let account = try AccountName(from: &reader, "to")
      self = .assetIssue(asset: asset, to: account, amount: try OperationView.positive(&reader))
    case .assetRetire:
      let asset = try Name(from: &reader, "asset")
      let account = try AccountName(from: &reader, "from")
      self = .assetRetire(asset: asset, from: account, amount: try OperationView.positive(&reader))
    case .recordAnchor:
      self = try OperationView.record(&reader)
    case .memberAdd, .memberUpdate, .memberSuspend, .memberRestore:
      self = try OperationView.member(kind, &reader)
    case .accountOpen, .accountFreeze, .accountUnfreeze, .assetDefine:
      self = try OperationView.holding(kind, &reader)
    }
  }

  @inline(__always)
  private static func positive(_ reader: inout Reader) throws(CodecError) -> Amount {
    let amount = try Amount(from: &reader)
    guard amount != .zero else { throw .invalid(field: "amount (must not be zero)") }
    return amount
  }

  private static func description(_ reader: inout Reader) throws(CodecError) -> ByteRange {
    try reader.textRange(limit: Limits.descriptionBytes, "description")
  }

  private static func record(_ reader: inout Reader) throws(CodecError) -> OperationView {
    let author = try Name(from: &reader, "author")
    let collection = try CollectionName(from: &reader)
    let key = try reader.textRange(limit: Limits.recordKeyBytes, "record key")
    guard key.count > 0 else { throw .invalid(field: "record key (must not be empty)") }
    let content = try reader.digest()
    let metadata = try reader.mediumRange(limit: Limits.recordMetadataBytes, "metadata")
    return .recordAnchor(author: author, collection: collection, key: key, content: content, metadata: metadata)
  }

  private static func member(_ kind: OperationKind, _ reader: inout Reader) throws(CodecError) -> OperationView {
    let name = try Name(from: &reader, "member")
    switch kind {
    case .memberAdd:
      let description = try description(&reader)
      return .memberAdd(name: name, description: description, authority: try MemberAuthorityView(from: &reader))
    case .memberUpdate:
      return .memberUpdate(name: name, authority: try MemberAuthorityView(from: &reader))
    case .memberSuspend:
      return .memberSuspend(name: name, reason: try reader.textRange(limit: Limits.descriptionBytes, "reason"))
    default:
      return .memberRestore(name: name)
    }
  }

  private static func holding(_ kind: OperationKind, _ reader: inout Reader) throws(CodecError) -> OperationView {
    if kind == .assetDefine {
      let asset = try Name(from: &reader, "asset")
      let issuer = try Name(from: &reader, "issuer")
      let decimals = try reader.byte()
      guard decimals <= Limits.assetDecimals else {
        throw .tooLong(field: "decimals", value: UInt64(decimals), limit: UInt64(Limits.assetDecimals))
      }
      return .assetDefine(asset: asset, issuer: issuer, decimals: decimals, description: try description(&reader))
    }
    let account = try AccountName(from: &reader)
    switch kind {
    case .accountOpen: return .accountOpen(account: account, description: try description(&reader))
    case .accountFreeze: return .accountFreeze(account: account)
    default: return .accountUnfreeze(account: account)
    }
  }
}
