package import Ledger

extension ParameterSet: DescribedOperation {
  package func text(decimals: UInt8?) -> String { "\(parameter.name): \(value)" }

  package var details: OperationDetails {
    configuration.map { [("configuration", "\($0)")] } ?? []
  }
}
