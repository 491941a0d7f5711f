/// A value of which the state has exactly one.
protocol SoleValue: Sendable {
  var stateEntry: StateEntry { get }
}

extension ChainParameters: SoleValue {
  var stateEntry: StateEntry { .parameters(self) }
}

extension ChainConfiguration: SoleValue {
  var stateEntry: StateEntry { .configuration(self) }
}
