public import Primitives

extension Operation {
  /// Kind byte, then the fields in the order of the case.
  ///
  /// Does not check the rules: the decoder does, and every built transaction passes it. Lengths that do not
  /// fit are written as the largest, so that it refuses them.
  public func encode(into writer: inout Writer) {
    writer.byte(kind.rawValue)
    switch self {
    case .memberAdd(let name, let description, let authority):
      name.encode(into: &writer)
      writer.text(description)
      authority.encode(into: &writer)
    case .memberUpdate(let name, let authority):
      name.encode(into: &writer)
      authority.encode(into: &writer)
    case .memberSuspend(let name, let reason):
      name.encode(into: &writer)
      writer.text(reason)
    case .memberRestore(let name):
      name.encode(into: &writer)
    case .accountOpen(let account, let description):
      account.encode(into: &writer)
      writer.text(description)
    case .accountFreeze(let account), .accountUnfreeze(let account):
      account.encode(into: &writer)
    case .assetDefine(let asset, let issuer, let decimals, let description):
      asset.encode(into: &writer)
      issuer.encode(into: &writer)
      writer.byte(decimals)
      writer.text(description)
    case .assetIssue(let asset, let account, let amount), .assetRetire(let asset, let account, let amount):
      asset.encode(into: &writer)
      account.encode(into: &writer)
      amount.encode(into: &writer)
    case .assetTransfer(let asset, let from, let to, let amount, let memo):
      asset.encode(into: &writer)
      from.encode(into: &writer)
      to.encode(into: &writer)
      amount.encode(into: &writer)
      writer.mediumBytes(memo)
    case .recordAnchor(let author, let collection, let key, let content, let metadata):
      author.encode(into: &writer)
      collection.encode(into: &writer)
      writer.text(key)
      writer.digest(content)
      writer.mediumBytes(metadata)
    }
  }

  public init(from reader: inout Reader) throws(CodecError) {
    let view = try OperationView(from: &reader)
    self.init(view, in: reader.span)
  }

  /// The view's operation, out of the buffer that it was decoded from.
  public init(_ view: OperationView, in buffer: RawSpan) {
    switch view {
    case .memberAdd(let name, let description, let authority):
      self = .memberAdd(
        name: name, description: description.text(in: buffer), authority: MemberAuthority(authority, in: buffer))
    case .memberUpdate(let name, let authority):
      self = .memberUpdate(name: name, authority: MemberAuthority(authority, in: buffer))
    case .memberSuspend(let name, let reason):
      self = .memberSuspend(name: name, reason: reason.text(in: buffer))
    case .memberRestore(let name):
      self = .memberRestore(name: name)
    case .accountOpen(let account, let description):
      self = .accountOpen(account: account, description: description.text(in: buffer))
    case .accountFreeze(let account):
      self = .accountFreeze(account: account)
    case .accountUnfreeze(let account):
      self = .accountUnfreeze(account: account)
    case .assetDefine(let asset, let issuer, let decimals, let description):
      self = .assetDefine(
        asset: asset, issuer: issuer, decimals: decimals, description: description.text(in: buffer))
    case .assetIssue(let asset, let account, let amount):
      self = .assetIssue(asset: asset, to: account, amount: amount)
    case .assetRetire(let asset, let account, let amount):
      self = .assetRetire(asset: asset, from: account, amount: amount)
    case .assetTransfer(let asset, let from, let to, let amount, let memo):
      self = .assetTransfer(asset: asset, from: from, to: to, amount: amount, memo: memo.copy(from: buffer))
    case .recordAnchor(let author, let collection, let key, let content, let metadata):
      self = .recordAnchor(
        author: author, collection: collection, key: key.text(in: buffer), content: content,
        metadata: metadata.copy(from: buffer))
    }
  }
}
