internal import Ledger

// The JSON form of the operation on parameters.

extension ParameterSet: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    let parameter = try reader.required("parameter").text(
      ChainParameter.allCases.map { "\"\($0.name)\"" }.joined(separator: ", ")
    ) { ChainParameter(name: $0) }
    let value: UInt64 = try reader.required("value").integer(in: parameter.bounds)
    return .parameterSet(
      parameter, to: value,
      configuration: parameter.isConfigured ? try reader.required("configuration").digest() : nil)
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["parameter"] = .string(parameter.name)
    members["value"] = .integer(value)
    if let configuration { members["configuration"] = .string("\(configuration)") }
  }
}
