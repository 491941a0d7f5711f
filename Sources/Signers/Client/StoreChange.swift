/// That a store of vote keys cannot be used any more, or can be used again.
package enum StoreChange: Equatable, Sendable {
  case away(reason: String)
  case back
}
