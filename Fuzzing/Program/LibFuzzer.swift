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
    fflush(nil)
    // Not `exit`, which libFuzzer takes for a finding.
    _exit(name == "list" ? 0 : 2)
  }()

  /// libFuzzer calls it before the first input: what the targets need is then made outside of any input's time.
  @_cdecl("LLVMFuzzerInitialize")
  func initialize(_ count: UnsafeRawPointer?, _ words: UnsafeRawPointer?) -> CInt { chosen.byteLimit > 0 ? 0 : 1 }

  /// libFuzzer calls it with every input. A trap is what it looks for, so a broken promise becomes one.
  @_cdecl("LLVMFuzzerTestOneInput")
  func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
      try chosen.run(Array(UnsafeBufferPointer(start: start, count: count)))
    } catch {
      print("BROKEN: \(chosen.name): \(error)")
      fflush(nil)
      abort()
    }
    return 0
  }
#endif
