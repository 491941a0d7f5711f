internal import Primitives

/// Defines an asset with at most 30 decimals. Requires the issuer.
public struct AssetDefine: Hashable, Sendable {
  public var asset: Name
  public var issuer: Name
  public var decimals: UInt8
  public var description: String

  /// The operation in the form in which it lies in a buffer.
  @frozen
  public struct View: Hashable, Sendable, BitwiseCopyable {
    public let asset: Name
    public let issuer: Name
    public let decimals: UInt8
    public let description: ByteRange
  }
}

extension Operation {
  public static func assetDefine(asset: Name, issuer: Name, decimals: UInt8, description: String) -> Operation {
    .assetDefine(AssetDefine(asset: asset, issuer: issuer, decimals: decimals, description: description))
  }
}

extension AssetDefine: LedgerOperation {
  func encode(into writer: inout Writer) {
    asset.encode(into: &writer)
    issuer.encode(into: &writer)
    writer.byte(decimals)
    writer.text(description)
  }

  init(_ view: View, in buffer: RawSpan) {
    asset = view.asset
    issuer = view.issuer
    decimals = view.decimals
    description = view.description.text(in: buffer)
  }

  var touched: TouchedEntries { .none }
}

extension AssetDefine.View: LedgerOperationView {
  init(from reader: inout Reader) throws(CodecError) {
    asset = try Name(from: &reader, "asset")
    issuer = try Name(from: &reader, "issuer")
    decimals = try Asset.decimals(&reader)
    description = try reader.textRange(limit: Limits.descriptionBytes, "description")
  }

  var requiredAuthority: RequiredAuthority { .member(issuer) }
  static var changesAuthority: Bool { false }
  var touched: TouchedEntries { .none }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode {
    guard let member = state.members.slot(of: issuer) else { return .memberUnknown }
    guard !state.isSuspended(member) else { return .memberSuspended }
    guard state.signers.contains(member) else { return .authorityMissing }
    guard state.has(member, .issuer) else { return .roleMissing }
    guard state.assets.slot(of: asset) == nil else { return .assetExists }
    let row = Asset(
      name: asset, issuer: issuer, decimals: decimals, description: description.text(in: buffer), supply: .zero)
    state.assets.create(AssetRow(asset: row, issuer: member))
    return .applied
  }
}
