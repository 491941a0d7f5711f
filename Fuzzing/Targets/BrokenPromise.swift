/// Something that a target promises about every input does not hold for this one.
package struct BrokenPromise: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

func promise(_ holds: Bool, _ otherwise: @autoclosure () -> String) throws(BrokenPromise) {
  if !holds { throw BrokenPromise(otherwise()) }
}
