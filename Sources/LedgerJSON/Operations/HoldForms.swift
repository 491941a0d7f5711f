internal import Ledger
internal import Primitives

// The JSON forms of the operations on holds.

extension HoldPlace: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    let (asset, from, to) = try reader.holdTerms()
    let amount = try amounts.amount(of: asset, &reader)
    let reference = try reader.required("reference").holdReference()
    let expires = try reader.required("expires").time()
    return .holdPlace(
      asset: asset, from: from, to: to, amount: amount, reference: reference, expires: expires,
      arbiter: try reader.optional("arbiter")?.name())
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["asset"] = .text(asset)
    members["from"] = .text(from)
    members["to"] = .text(to)
    amount.write(into: &members, decimals: decimals)
    members["reference"] = .text(reference)
    members["expires"] = .string(expires.iso8601)
    if let arbiter { members["arbiter"] = .text(arbiter) }
  }
}

extension HoldCapture: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    let (asset, from, to) = try reader.holdTerms()
    let reference = try reader.required("reference").holdReference()
    let amount = try amounts.amount(of: asset, &reader)
    return .holdCapture(
      asset: asset, from: from, to: to, reference: reference, amount: amount,
      closes: try reader.optional("closes")?.bool() ?? false)
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["asset"] = .text(asset)
    members["from"] = .text(from)
    members["to"] = .text(to)
    members["reference"] = .text(reference)
    amount.write(into: &members, decimals: decimals)
    members["closes"] = .bool(closes)
  }
}

extension HoldRelease: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    let (asset, from, to) = try reader.holdTerms()
    return .holdRelease(asset: asset, from: from, to: to, reference: try reader.required("reference").holdReference())
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["asset"] = .text(asset)
    members["from"] = .text(from)
    members["to"] = .text(to)
    members["reference"] = .text(reference)
  }
}

extension JSONObjectReader {
  fileprivate mutating func holdTerms() throws(DocumentError) -> (asset: Name, from: AccountName, to: AccountName) {
    let asset = try required("asset").name()
    let from = try required("from").account()
    return (asset, from, try required("to").account())
  }
}
