/// The holder of the chain index that a journal keeps up to date. Readers may share it.
package protocol ChainIndexHolder {
  func update<Value: Sendable>(_ body: (inout ChainIndex) -> Value) -> Value
}
