internal import Ledger
internal import Primitives

// The JSON forms of the operations on assets.

extension AssetDefine: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    let asset = try reader.required("asset").name()
    let issuer = try reader.required("issuer").name()
    let decimals = try reader.required("decimals").integer(in: 0...UInt8(Limits.assetDecimals))
    let description = try reader.textOrEmpty("description")
    return .assetDefine(asset: asset, issuer: issuer, decimals: decimals, description: description)
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["asset"] = .text(asset)
    members["issuer"] = .text(issuer)
    members["decimals"] = .integer(self.decimals)
    members["description"] = .string(description)
  }
}

extension AssetIssue: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    let asset = try reader.required("asset").name()
    let account = try reader.required("to").account()
    return .assetIssue(asset: asset, to: account, amount: try amounts.amount(of: asset, &reader))
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["asset"] = .text(asset)
    members["to"] = .text(to)
    amount.write(into: &members, decimals: decimals)
  }
}

extension AssetRetire: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    let asset = try reader.required("asset").name()
    let account = try reader.required("from").account()
    return .assetRetire(asset: asset, from: account, amount: try amounts.amount(of: asset, &reader))
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["asset"] = .text(asset)
    members["from"] = .text(from)
    amount.write(into: &members, decimals: decimals)
  }
}

extension AssetTransfer: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    let asset = try reader.required("asset").name()
    let from = try reader.required("from").account()
    let to = try reader.required("to").account()
    let amount = try amounts.amount(of: asset, &reader)
    return .assetTransfer(asset: asset, from: from, to: to, amount: amount, memo: try reader.textOrHex("memo"))
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["asset"] = .text(asset)
    members["from"] = .text(from)
    members["to"] = .text(to)
    amount.write(into: &members, decimals: decimals)
    TextOrHex(memo).write("memo", into: &members)
  }
}

extension Amount {
  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["units"] = .text(self)
    if let decimals { members["amount"] = .string(text(decimals: Int(decimals))) }
  }
}
