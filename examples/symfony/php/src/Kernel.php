<?php

namespace App;

use Symfony\Bundle\FrameworkBundle\FrameworkBundle;
use Symfony\Bundle\FrameworkBundle\Kernel\MicroKernelTrait;
use Symfony\Bundle\SecurityBundle\SecurityBundle;
use Symfony\Component\DependencyInjection\Loader\Configurator\ContainerConfigurator;
use Symfony\Component\HttpKernel\Kernel as BaseKernel;
use Symfony\Component\Routing\Loader\Configurator\RoutingConfigurator;
use Symfony\Component\Security\Core\User\InMemoryUser;

/** A Symfony application with a login form, whose sessions are in Redis. */
final class Kernel extends BaseKernel
{
    use MicroKernelTrait;

    public function registerBundles(): iterable
    {
        yield new FrameworkBundle();
        yield new SecurityBundle();
    }

    public function getProjectDir(): string
    {
        return dirname(__DIR__);
    }

    // PHP's web server does not show the environment in $_SERVER, where Symfony looks for these folders.
    public function getCacheDir(): string
    {
        return getenv('APP_CACHE_DIR') ?: parent::getCacheDir();
    }

    public function getLogDir(): string
    {
        return getenv('APP_LOG_DIR') ?: parent::getLogDir();
    }

    private function configureContainer(ContainerConfigurator $container): void
    {
        $container->extension('framework', [
            'secret' => '%env(APP_SECRET)%',
            'csrf_protection' => true,
            'http_method_override' => false,
            'session' => [
                'storage_factory_id' => 'session.storage.factory.native',
                'handler_id' => '%env(REDIS_URL)%', // a RedisSessionHandler
                'metadata_update_threshold' => 120, // a page that only reads does not write over what a socket has set
                'cookie_secure' => 'auto',
                'cookie_samesite' => 'lax',
            ],
        ]);
        $container->extension('security', [
            'enable_authenticator_manager' => true,
            'password_hashers' => [InMemoryUser::class => 'auto'],
            'providers' => ['people' => ['memory' => ['users' => $this->people()]]],
            'firewalls' => [
                'main' => [
                    'lazy' => true,
                    'form_login' => [
                        'login_path' => 'sign-in',
                        'check_path' => 'sign-in',
                        'default_target_path' => 'chat',
                        'enable_csrf' => true,
                    ],
                    'logout' => [
                        'path' => 'sign-out',
                        'target' => 'sign-in',
                        'csrf_token_generator' => 'security.csrf.token_manager',
                    ],
                ],
            ],
            'access_control' => [
                ['path' => '^/sign-in$', 'roles' => 'PUBLIC_ACCESS'],
                ['path' => '^/', 'roles' => 'ROLE_USER'],
            ],
        ]);
        $container->services()
            ->set(Pages::class)
            ->args(['%env(int:CHAT_PORT)%'])
            ->autowire()
            ->tag('controller.service_arguments');
    }

    private function configureRoutes(RoutingConfigurator $routes): void
    {
        $routes->add('chat', '/')->controller([Pages::class, 'chat'])->methods(['GET']);
        $routes->add('sign-in', '/sign-in')->controller([Pages::class, 'signIn'])->methods(['GET', 'POST']);
        $routes->add('sign-out', '/sign-out')->methods(['POST']);
    }

    /** Their passwords are their names. */
    private function people(): array
    {
        $people = [];
        foreach (['ann', 'bob'] as $name) {
            $people[$name] = ['password' => password_hash($name, \PASSWORD_BCRYPT), 'roles' => ['ROLE_USER']];
        }

        return $people;
    }
}
