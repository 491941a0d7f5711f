public import Primitives

/// Changes a setting of the chain. The administrators' threshold holds from the next operation on, what limits blocks and
/// transactions from the next block on, and what is part of the configuration from the next epoch on, which this begins.
/// Requires the administrators.
@frozen
public struct ParameterSet: Hashable, Sendable, BitwiseCopyable {
  public let parameter: ChainParameter
  /// Within the parameter's bounds.
  public let value: UInt64
  /// For a parameter of the configuration, the digest of the configuration that the transaction is to find, so that of two
  /// changes that were prepared apart the second fails; nil for any other.
  public let configuration: Digest?

  init(_ parameter: ChainParameter, to value: UInt64, configuration: Digest?) {
    precondition(
      parameter.isConfigured == (configuration != nil),
      "\(parameter.name) is \(parameter.isConfigured ? "" : "not ")part of the configuration")
    self.parameter = parameter
    self.value = value
    self.configuration = configuration
  }
}

extension Operation {
  /// - Parameter configuration: the digest of the present configuration if the parameter is part of it, otherwise nil.
  public static func parameterSet(
    _ parameter: ChainParameter, to value: UInt64, configuration: Digest? = nil
  ) -> Operation {
    .parameterSet(ParameterSet(parameter, to: value, configuration: configuration))
  }
}

extension ParameterSet: LedgerOperation {
  func encode(into writer: inout Writer) {
    writer.byte(parameter.rawValue)
    writer.integer(value)
    if let configuration { writer.digest(configuration) }
  }
}

extension ParameterSet: LedgerOperationView {
  init(from reader: inout Reader) throws(CodecError) {
    let raw = try reader.byte()
    guard let parameter = ChainParameter(rawValue: raw) else {
      throw .unknown(field: "parameter", value: UInt64(raw))
    }
    let value: UInt64 = try reader.integer()
    guard parameter.bounds.contains(value) else { throw .invalid(field: "value of a parameter (outside its bounds)") }
    self.init(parameter, to: value, configuration: parameter.isConfigured ? try reader.digest() : nil)
  }

  var requiredAuthority: RequiredAuthority { .administrators }
  static var changesAuthority: Bool { true }
  var touched: TouchedEntries { .none }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode {
    guard state.administratorsAct else { return .administratorsMissing }
    if let configuration {
      guard state.findsConfiguration(configuration) else { return .configurationOutdated }
      return configure(&state)
    }
    guard parameter != .administratorThreshold || value <= state.derived.administrators.count else {
      return .administratorsLockedOut
    }
    state.parametersTable.change(0) { $0.value.set(parameter, to: value) }
    return .applied
  }

  private func configure(_ state: inout LedgerState) -> OutcomeCode {
    if parameter == .rulesVersion {
      // One by one, also within a block, because the state of one version is what the next one begins with.
      guard value == UInt64(state.epochConfiguration.rulesVersion) + 1 else { return .rulesVersionNotNext }
      state.changeConfiguration { $0.rulesVersion = UInt16(value) }
    } else {
      state.changeConfiguration { $0.leaderTimeoutMilliseconds = UInt32(value) }
    }
    return .applied
  }
}
