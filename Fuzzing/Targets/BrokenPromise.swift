/// A promise that a target makes about every input and that an input broke.
package struct BrokenPromise: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

func promise(_ holds: Bool, _ otherwise: @autoclosure () -> String) throws(BrokenPromise) {
  if !holds { throw BrokenPromise(otherwise()) }
}
