import FuzzTargets

// Two programs from one source. With libFuzzer, whose `main` calls the functions in LibFuzzer.swift:
//   FUZZ_TARGET=name fuzz [options of libFuzzer] corpus-folder
// Without libFuzzer, for everything that needs no coverage:
//   fuzz list
//   fuzz corpus <folder>         writes the simulator's traffic as seeds, one folder per target
//   fuzz replay <target> <file>…
#if !FUZZER
  @main
  enum FuzzProgram {
    static func main() throws {
      let words = Array(CommandLine.arguments.dropFirst())
      switch (words.first, words.count) {
      case ("list", 1):
        for target in targets { print(target.name, target.byteLimit) }
      case ("corpus", 2):
        for target in targets { try CorpusFolder(words[1], target).write(target.seeds) }
      case ("replay", 3...):
        guard let target = targets.first(where: { $0.name == words[1] }) else { return usage() }
        for file in words[2...] {
          print("\(target.name): \(file)")
          try target.run(try CorpusFolder.bytes(of: file))
        }
      default: usage()
      }
    }

    private static let targets = FuzzTarget.all(Traffic.recorded())

    private static func usage() {
      print("usage: fuzz list | fuzz corpus <folder> | fuzz replay <target> <file>…")
    }
  }
#endif
