<?php
// Stores and reads values as an application of PHP does. Argument: the port of Memcached. Each line that comes in is a
// command in JSON, and each has one line as its answer.

ini_set('memcached.compression_threshold', '100');
$client = new Memcached();
$client->setOption(Memcached::OPT_BINARY_PROTOCOL, true);
$client->addServer('127.0.0.1', (int) $argv[1]);
$types = ['zlib' => Memcached::COMPRESSION_ZLIB, 'fastlz' => Memcached::COMPRESSION_FASTLZ];

while (($line = fgets(STDIN)) !== false) {
    ['do' => $do, 'key' => $key] = $command = json_decode($line, true);
    if ($do === 'get') {
        $value = $client->get($key);
        echo json_encode(is_string($value) ? base64_encode($value) : gettype($value)), "\n";
        continue;
    }
    $client->setOption(Memcached::OPT_COMPRESSION, isset($types[$command['by']]));
    $client->setOption(Memcached::OPT_COMPRESSION_TYPE, $types[$command['by']] ?? Memcached::COMPRESSION_FASTLZ);
    $value = $command['by'] === 'type' ? json_decode($command['value']) : base64_decode($command['value']);
    echo json_encode($client->set($key, $value, 1440)), "\n";
}
