#if FUZZER
  import Foundation
  import FuzzTargets

  /// The target that FUZZ_TARGET names. With `list` the program only says which there are, and the longest input of
  /// each.
  private let chosen: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? "list"
    let targets = FuzzTarget.all(Traffic.recorded())
    if let target = targets.first(where: { $0.name == name }) { return target }
    for target in targets { print(target.name, target.byteLimit) }
    exit(name == "list" ? 0 : 2)
  }()

  /// libFuzzer calls it with every input. A trap is what it looks for, so a broken promise becomes one.
  @_cdecl("LLVMFuzzerTestOneInput")
  func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
      try chosen.run(Array(UnsafeBufferPointer(start: start, count: count)))
    } catch {
      preconditionFailure("\(chosen.name): \(error)")
    }
    return 0
  }
#endif
