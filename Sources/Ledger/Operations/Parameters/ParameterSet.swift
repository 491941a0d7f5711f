internal import Primitives

/// Changes a setting of the chain from the next block on; the administrators' threshold from the next operation on. Requires
/// the administrators.
@frozen
public struct ParameterSet: Hashable, Sendable, BitwiseCopyable {
  public let parameter: ChainParameter
  /// Within the parameter's bounds.
  public let value: UInt64
}

extension Operation {
  public static func parameterSet(_ parameter: ChainParameter, to value: UInt64) -> Operation {
    .parameterSet(ParameterSet(parameter: parameter, value: value))
  }
}

extension ParameterSet: LedgerOperation {
  func encode(into writer: inout Writer) {
    writer.byte(parameter.rawValue)
    writer.integer(value)
  }
}

extension ParameterSet: LedgerOperationView {
  init(from reader: inout Reader) throws(CodecError) {
    let raw = try reader.byte()
    guard let parameter = ChainParameter(rawValue: raw) else {
      throw .unknown(field: "parameter", value: UInt64(raw))
    }
    self.parameter = parameter
    value = try reader.integer()
    guard parameter.bounds.contains(value) else { throw .invalid(field: "value of a parameter (outside its bounds)") }
  }

  var requiredAuthority: RequiredAuthority { .administrators }
  static var changesAuthority: Bool { true }
  var touched: TouchedEntries { .none }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode {
    guard state.administratorsAct else { return .administratorsMissing }
    guard parameter != .administratorThreshold || value <= state.activeAdministrators else {
      return .administratorsLockedOut
    }
    state.parametersTable.change(0) { $0.value.set(parameter, to: value) }
    return .applied
  }
}
