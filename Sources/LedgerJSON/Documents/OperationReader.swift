internal import Ledger
internal import Primitives

/// Reads one operation from JSON and holds it to the rules of the ledger's own decoder.
struct OperationReader {
  /// How many decimals the known assets have.
  let decimals: [Name: UInt8]
  /// Whether `amount` is skipped beside `units`. Only for a node's answers: in a file, what people read must be what
  /// they sign.
  var skipsAmounts = false

  func read(_ node: JSONNode) throws(DocumentError) -> Operation {
    let operation = try node.object { (reader) throws(DocumentError) in try self.fields(&reader) }
    var writer = Writer()
    operation.encode(into: &writer)
    do throws(CodecError) {
      return try Reader.whole(writer.bytes) { (reader) throws(CodecError) in try Operation(from: &reader) }
    } catch {
      throw DocumentError(
        document: node.document, path: node.path,
        fault: .rule(
          code: error.code, explanation: error.explanation, nextStep: "correct it; Documentation/api.md has the rules"))
    }
  }

  static func kind(_ node: JSONNode) throws(DocumentError) -> OperationKind {
    let kinds = OperationKind.allCases.map(\.name).joined(separator: ", ")
    return try node.text("one of \(kinds)") { OperationKind(name: $0) }
  }

  private func fields(_ reader: inout JSONObjectReader) throws(DocumentError) -> Operation {
    switch try OperationReader.kind(try reader.required("kind")) {
    case .memberAdd:
      let name = try reader.required("name").name()
      let description = try reader.textOrEmpty("description")
      return .memberAdd(name: name, description: description, authority: try reader.authority())
    case .memberUpdate:
      let name = try reader.required("name").name()
      return .memberUpdate(name: name, authority: try reader.authority())
    case .memberSuspend:
      let name = try reader.required("name").name()
      return .memberSuspend(name: name, reason: try reader.textOrEmpty("reason"))
    case .memberRestore:
      return .memberRestore(name: try reader.required("name").name())
    case .accountOpen:
      let account = try reader.required("account").account()
      return .accountOpen(account: account, description: try reader.textOrEmpty("description"))
    case .accountFreeze:
      return .accountFreeze(account: try reader.required("account").account())
    case .accountUnfreeze:
      return .accountUnfreeze(account: try reader.required("account").account())
    case .assetDefine:
      let asset = try reader.required("asset").name()
      let issuer = try reader.required("issuer").name()
      let decimals = try reader.required("decimals").integer(in: 0...UInt8(Limits.assetDecimals))
      let description = try reader.textOrEmpty("description")
      return .assetDefine(asset: asset, issuer: issuer, decimals: decimals, description: description)
    case .assetIssue:
      let asset = try reader.required("asset").name()
      let account = try reader.required("to").account()
      return .assetIssue(asset: asset, to: account, amount: try amount(of: asset, &reader))
    case .assetRetire:
      let asset = try reader.required("asset").name()
      let account = try reader.required("from").account()
      return .assetRetire(asset: asset, from: account, amount: try amount(of: asset, &reader))
    case .assetTransfer:
      let asset = try reader.required("asset").name()
      let from = try reader.required("from").account()
      let to = try reader.required("to").account()
      let amount = try amount(of: asset, &reader)
      return .assetTransfer(asset: asset, from: from, to: to, amount: amount, memo: try reader.textOrHex("memo"))
    case .recordAnchor:
      let author = try reader.required("author").name()
      let collection = try reader.required("collection").collection()
      let key = try reader.required("key").string()
      let content = try reader.required("contentDigest").digest()
      let metadata = try reader.textOrHex("metadata")
      return .recordAnchor(
        author: author, collection: collection, key: key, content: content, metadata: metadata)
    }
  }

  /// `amount`, a decimal string, or `units`, an integer, or both if they say the same.
  private func amount(of asset: Name, _ reader: inout JSONObjectReader) throws(DocumentError) -> Amount {
    let unitsNode = reader.optional("units")
    let units = try unitsNode.map { (node) throws(DocumentError) in
      if case .number = node.value { return Amount(try node.integer(in: 0...UInt128.max)) }
      return Amount(try node.digits(in: 0...UInt128.max))
    }
    let node = reader.optional("amount")
    if let units, skipsAmounts || node == nil { return units }
    let amount = try amount(try reader.required("amount"), of: asset)
    if let unitsNode, units != amount { throw unitsNode.refused(allowed: "the same as \"amount\"") }
    return amount
  }

  private func amount(_ node: JSONNode, of asset: Name) throws(DocumentError) -> Amount {
    if case .number = node.value {
      throw node.fault(.type(found: "a JSON number", expected: "a decimal number in quotes, such as \"12.5\""))
    }
    guard let decimals = decimals[asset] else {
      throw node.fault(
        .rule(
          code: "asset.unknown", explanation: "the asset \(asset) is unknown, so the decimals of the amount are too",
          nextStep: "check the asset's name, or give \"units\", the number of smallest units, instead of \"amount\""))
    }
    let text = try node.text(Allowed.amount(decimals: decimals)) { $0 }
    let amount: Amount
    do throws(AmountFault) {
      amount = try Amount.parse(text, decimals: Int(decimals))
    } catch {
      throw node.refused(
        allowed: error == .tooLarge
          ? "at most \(AmountFault.largest(decimals: decimals))" : Allowed.amount(decimals: decimals))
    }
    guard amount != .zero else { throw node.refused(allowed: "more than zero") }
    return amount
  }
}
