internal import Ledger

// The JSON forms of the operations on what limits the use of an asset, and on its issuer.

extension AssetCap: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    let asset = try reader.required("asset").name()
    return .assetCap(asset: asset, cap: try amounts.amount(of: asset, &reader))
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["asset"] = .text(asset)
    cap.write(into: &members, decimals: decimals)
  }
}

extension AssetHandOver: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    let asset = try reader.required("asset").name()
    return .assetHandOver(asset: asset, to: try reader.required("to").name())
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["asset"] = .text(asset)
    members["to"] = .text(to)
  }
}

extension AssetFreeze: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    .assetFreeze(asset: try reader.required("asset").name())
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["asset"] = .text(asset)
  }
}

extension AssetUnfreeze: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    .assetUnfreeze(asset: try reader.required("asset").name())
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["asset"] = .text(asset)
  }
}
