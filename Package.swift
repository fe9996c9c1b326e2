// swift-tools-version: 6.2
import PackageDescription

let features: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// Every Swift target is compiled under the same rules. (An option on the command line would make errors of all warnings in all targets.)
let strict: [SwiftSetting] =
  features + [.strictMemorySafety()]
  + (Context.environment["SKEIN_WARNINGS_AS_ERRORS"] == nil ? [] : [.treatAllWarnings(as: .error)])

/// The sources of `Skein` once more, with words that an explorer schedules in the place of the machine's: `Skein` is a link to them.
let explored: Target = .testTarget(
  name: "SkeinProtocolTests", dependencies: ["CSkein", "SkeinDeque", "InterleavingExplorer"],
  exclude: [
    "Skein/Algorithms", "Skein/Documentation.docc", "Skein/Platform/Threads.swift", "Skein/Primitives",
    "Skein/Scheduler/LateSleeper.swift", "Skein/Scheduler/Patience.swift", "Skein/Sequences", "Skein/Streams",
  ],
  // What is public, or marked as unsafe, for the sake of clients need not be so here: that it need not is a warning.
  swiftSettings: features + [.enableExperimentalFeature("Lifetimes")])

/// The tests of the command-line tool, most of which run it as a process.
let command: Target = .testTarget(
  name: "SkeinCommandTests",
  dependencies: ["Skein", "SkeinCommand", .product(name: "ArgumentParser", package: "swift-argument-parser")],
  swiftSettings: strict)

/// Scripts/thread-sanitizer and Scripts/address-sanitizer leave out the explored library, where one thread runs at a time so that they see
/// nothing, and the tool, which only calls the libraries.
let isSanitized = Context.environment["SKEIN_SANITIZED"] != nil

let package = Package(
  name: "skein",
  platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .watchOS(.v11), .visionOS(.v2)],
  products: [
    .library(name: "Skein", targets: ["Skein"]),
    .library(name: "SkeinDeque", targets: ["SkeinDeque"]),
    .executable(name: "skein", targets: ["SkeinCommand"]),
  ],
  dependencies: [
    // Only the command-line tool uses it; a package that depends on the libraries never builds it.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    .target(name: "CSkein"),
    .target(name: "SkeinDeque", swiftSettings: strict + [.enableExperimentalFeature("BuiltinModule")]),
    // Only `ParallelInPlace` needs `Lifetimes`: what it lends must not outlive the variable that it is lent from.
    .target(
      name: "Skein", dependencies: ["CSkein", "SkeinDeque"],
      swiftSettings: strict + [.enableExperimentalFeature("Lifetimes")]),
    .executableTarget(
      name: "SkeinCommand",
      dependencies: [
        "Skein", "SkeinDeque",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    // Runs code of the libraries in every order of its accesses, and starts threads; only tests use it.
    .target(
      name: "InterleavingExplorer", dependencies: ["SkeinDeque"], path: "Tests/Support/InterleavingExplorer",
      swiftSettings: strict),
    .testTarget(
      name: "SkeinDequeTests", dependencies: ["SkeinDeque", "InterleavingExplorer"], swiftSettings: strict),
    .testTarget(name: "SkeinTests", dependencies: ["Skein", "InterleavingExplorer"], swiftSettings: strict),
  ] + (isSanitized ? [] : [command, explored]),
  swiftLanguageModes: [.v6]
)
