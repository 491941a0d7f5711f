#if FUZZER
  import Foundation
  import FuzzTargets

  /// The target that FUZZ_TARGET names. With `list`, or without the variable, the program only lists the targets with
  /// the longest input of each.
  private let chosen: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? "list"
    let targets = FuzzTarget.all(Traffic.recorded())
    if let target = targets.first(where: { $0.name == name }) { return target }
    for target in targets { print(target.name, target.byteLimit) }
    fflush(nil)
    // Not `exit`, which libFuzzer would report as a finding.
    _exit(name == "list" ? 0 : 2)
  }()

  /// libFuzzer calls this before the first input, so that the time to prepare the targets does not count against any
  /// input.
  @_cdecl("LLVMFuzzerInitialize")
  func initialize(_ count: UnsafeRawPointer?, _ words: UnsafeRawPointer?) -> CInt { chosen.byteLimit > 0 ? 0 : 1 }

  /// libFuzzer calls this with every input. It looks for traps, so a broken promise becomes a trap.
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
