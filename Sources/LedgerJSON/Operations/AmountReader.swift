internal import Ledger
internal import Primitives

/// Reads the amount of an asset, whose meaning depends on the asset's decimals.
struct AmountReader {
  /// The decimals of the known assets.
  let decimals: [Name: UInt8]
  /// Whether `amount` is ignored if `units` is given. Only for a node's answers: in a file, what people read must be
  /// what they sign.
  var skipsAmounts = false

  /// Reads `amount`, a decimal string, or `units`, an integer, or both if they agree.
  func amount(of asset: Name, _ reader: inout JSONObjectReader) throws(DocumentError) -> Amount {
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
