<?php

// Every request comes here, unless it asks for a file of this folder.
if ('/' !== $_SERVER['SCRIPT_NAME'] && is_file(__DIR__.$_SERVER['SCRIPT_NAME']) && '/index.php' !== $_SERVER['SCRIPT_NAME']) {
    return false;
}

require_once 'Symfony/Bundle/FrameworkBundle/autoload.php'; // of Debian's packages; elsewhere, Composer's vendor/autoload.php
require_once 'Symfony/Bundle/SecurityBundle/autoload.php';
require_once dirname(__DIR__).'/src/Kernel.php';
require_once dirname(__DIR__).'/src/Pages.php';

$kernel = new App\Kernel('prod', false);
$request = Symfony\Component\HttpFoundation\Request::createFromGlobals();
$response = $kernel->handle($request);
$response->send();
$kernel->terminate($request, $response);
