<?php
// Marshalls and unmarshalls values as Symfony's handler does. Each line that comes in is a command in JSON, and each has
// one line as its answer: a value in base64.

require 'Symfony/Component/HttpFoundation/autoload.php';
require 'Symfony/Component/Cache/autoload.php';

use Symfony\Component\Cache\Marshaller\DeflateMarshaller;
use Symfony\Component\Cache\Marshaller\SodiumMarshaller;
use Symfony\Component\HttpFoundation\Session\Storage\Handler\IdentityMarshaller;

while (($line = fgets(STDIN)) !== false) {
    $command = json_decode($line, true);
    $value = base64_decode($command['value'] ?? '');
    $identity = new IdentityMarshaller();
    $marshaller = isset($command['keys'])
        ? new SodiumMarshaller(array_map('base64_decode', $command['keys']), $identity)
        : new DeflateMarshaller($identity);
    $answer = match ($command['do']) {
        'keypair' => sodium_crypto_box_keypair(),
        'marshall' => $marshaller->marshall(['value' => $value], $failed)['value'],
        'unmarshall' => $marshaller->unmarshall($value),
    };
    echo base64_encode($answer), "\n";
}
